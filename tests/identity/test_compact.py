"""A token taken apart: shape before content."""

from __future__ import annotations

import pytest
from tests.identity.issuer import ISSUER, b64, claims, header, token

from interlock.errors import TokenRejected
from interlock.identity.compact import media_type, read_compact
from interlock.model import Secret
from interlock.reasons import Reason


def test_parts_of_a_token() -> None:
    """What is signed is everything before the last dot, byte for byte."""
    candidate = token()
    compact = read_compact(candidate, 16384)
    assert (compact.alg, compact.typ, compact.kid, compact.issuer) == ("RS256", "at+jwt", "k1", ISSUER)
    assert compact.signed.decode() == candidate.reveal().rpartition(".")[0]
    assert "erika" not in repr(compact)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.TOKEN_MISSING),
        ("x" * 101, Reason.TOKEN_TOO_LARGE),
        ("x", Reason.TOKEN_MALFORMED),
        ("a.b", Reason.TOKEN_MALFORMED),
        ("a.b.c.d", Reason.TOKEN_MALFORMED),
        ("a.b.c.d.e", Reason.TOKEN_MALFORMED),
        ("..", Reason.TOKEN_MALFORMED),
        ("e30.e30.", Reason.TOKEN_ALGORITHM),
        ("e30=.e30.", Reason.TOKEN_MALFORMED),
    ],
)
def test_tokens_out_of_shape_are_refused(text: str, reason: Reason) -> None:
    """Each with its reason."""
    with pytest.raises(TokenRejected) as caught:
        read_compact(Secret(text), 100)
    assert caught.value.reason is reason


@pytest.mark.parametrize("part", [0, 1, 2])
def test_padding_is_refused_in_every_segment(part: int) -> None:
    """One token, one spelling: otherwise the cache and the masks could miss it."""
    segments = [b64(header()), b64(claims()), "AAAA"]
    segments[part] += "="
    with pytest.raises(TokenRejected) as caught:
        read_compact(Secret(".".join(segments)), 16384)
    assert caught.value.reason is Reason.TOKEN_MALFORMED


@pytest.mark.parametrize(
    ("typ", "same"),
    [
        ("JWT", "jwt"),
        ("application/JWT", "jwt"),
        ("application/at+jwt", "at+jwt"),
        ("application/x/y", "application/x/y"),
    ],
)
def test_types_compare_without_the_optional_prefix(typ: str, same: str) -> None:
    """`application/` may be left out where no other slash follows."""
    assert media_type(typ) == same
