"""The default authenticator accepts nothing."""

from __future__ import annotations

import pytest
from tests.identity.issuer import token

from interlock.errors import TokenRejected
from interlock.identity.compact import read_compact
from interlock.identity.identity import Authenticator, Identity
from interlock.reasons import Reason


async def test_default_refuses_everything() -> None:
    """A scheme that forgets to override denies (invariant 2)."""
    default = Authenticator(Identity("x", "y", "z"))
    with pytest.raises(TokenRejected) as caught:
        await default.token(read_compact(token(), 16384), None)
    assert caught.value.reason is Reason.TOKEN_ISSUER
    with pytest.raises(TokenRejected) as caught:
        default.certificates([b"x"])
    assert caught.value.reason is Reason.CERTIFICATE_REFUSED
    assert default.generation() is None
