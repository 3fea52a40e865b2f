"""Every refusal of identity tells an operator what to do."""

from __future__ import annotations

import pytest
from tests.identity.issuer import Bench

from interlock.errors import TokenRejected
from interlock.identity import Placement, present
from interlock.identity.remedies import remedy, with_remedy
from interlock.model import Secret
from interlock.reasons import Reason

OTHERS = [Reason.ISSUER_UNAVAILABLE, Reason.CERTIFICATE_REFUSED, Reason.RUN_REFUSED]
IDENTITY = [*OTHERS, *(reason for reason in Reason if reason.startswith("token-"))]


@pytest.mark.parametrize("reason", IDENTITY)
def test_every_reason_has_a_remedy(reason: Reason) -> None:
    """One sentence."""
    assert remedy(reason).endswith(".")


def test_own_hint_is_kept() -> None:
    """A refusal that knows better keeps its words; other reasons get none."""
    assert with_remedy(TokenRejected(Reason.TOKEN_KEY, hint="x")).hint == "x"
    assert remedy(Reason.NO_RULE) == ""


async def test_refusals_carry_their_remedy() -> None:
    """From the verifier and from the headers alike."""
    with pytest.raises(TokenRejected) as caught:
        await Bench().verifier.verify(Secret("x"))
    assert caught.value.hint == remedy(Reason.TOKEN_MALFORMED)
    with pytest.raises(TokenRejected) as caught:
        present([("proxy-authorization", "Bearer a b")], Placement.TUNNEL)
    assert caught.value.hint == remedy(Reason.TOKEN_MALFORMED)
