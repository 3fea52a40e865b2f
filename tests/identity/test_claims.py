"""Claims to principal, without a clock of its own."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.errors import TokenRejected
from interlock.identity.claims import (
    ClaimMapping,
    Window,
    accepts_subject,
    check_audience,
    check_kind,
    check_times,
    identify,
    printable,
)
from interlock.identity.members import claim_path
from interlock.reasons import Reason


def _reason(check: Any, *arguments: Any) -> Reason:
    with pytest.raises(TokenRejected) as caught:
        check(*arguments)
    return caught.value.reason


def test_window_is_the_narrowest_of_all_times() -> None:
    """From the later of nbf and iat, to the earlier of exp and max_age, widened by the skew."""
    claims = {"exp": 1000, "nbf": 50, "iat": 100}
    assert check_times(claims, 200.0, 10.0, None) == Window(90.0, 1010.0)
    assert check_times(claims, 200.0, 10.0, 300.0) == Window(90.0, 410.0)


@pytest.mark.parametrize(
    ("now", "reason"), [(89.9, Reason.TOKEN_NOT_YET), (410.0, Reason.TOKEN_TOO_OLD), (1010.0, Reason.TOKEN_EXPIRED)]
)
def test_outside_the_window_is_refused(now: float, reason: Reason) -> None:
    """The end itself is outside."""
    assert _reason(check_times, {"exp": 1000, "nbf": 50, "iat": 100}, now, 10.0, 300.0) is reason


def test_long_lists_are_refused() -> None:
    """Audiences and groups are bounded in number."""
    assert _reason(check_audience, {"aud": ["x"] * 101}, ("x",)) is Reason.TOKEN_CLAIMS
    mapping = ClaimMapping(claim_path("sub"), (claim_path("groups"),))
    claims = {"sub": "erika", "groups": [f"g{number}" for number in range(1001)]}
    assert _reason(identify, "corp", "i", "jwt", claims, mapping, Window(0, 1)) is Reason.TOKEN_CLAIMS


def test_kind_of_token() -> None:
    """An access token passes; an ID token does not."""
    check_kind({"sub": "erika", "typ": "Bearer"})
    assert _reason(check_kind, {"nonce": None}) is Reason.TOKEN_TYPE


@pytest.mark.parametrize(
    ("pattern", "subject", "accepted"),
    [
        ("erika", "erika", True),
        ("erika", "erika2", False),
        ("*", "anyone", True),
        ("svc:*", "svc:bot", True),
        ("svc:*", "user:svc:bot", False),
        ("*@example.com", "erika@example.com", True),
        ("*@example.com", "erika@example.com.attacker.net", False),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "a-c", False),
        ("ab*ba", "aba", False),
        ("[e]rika", "erika", False),
        ("erik?", "erika", False),
    ],
)
def test_subject_patterns_know_the_star_alone(pattern: str, subject: str, accepted: bool) -> None:
    """No other character is special, and a match is of the whole subject."""
    assert accepts_subject((pattern,), subject) is accepted
    assert accepts_subject((), subject)


@pytest.mark.parametrize("name", ["", " ", "a\tb", "a\u200b", "\u202eabc", "a\u2028", "\x1b[31m", "x" * 257, 1, None])
def test_names_must_be_printable(name: object) -> None:
    """What a screen would not show is no name."""
    assert not printable(name)


def test_client_and_person_acted_for_are_names_too() -> None:
    """azp before client_id; text of another type refuses the token."""
    mapping = ClaimMapping(claim_path("sub"), (), claim_path("for"))
    found = identify("c", "i", "jwt", {"sub": "s", "azp": "a", "client_id": "b"}, mapping, Window(0, 5))
    assert (found.client, found.acting_for, found.expires) == ("a", "", 5)
    assert identify("c", "i", "jwt", {"sub": "s", "client_id": "b"}, mapping, Window(0, 5)).client == "b"
    for claims in ({"sub": "s", "azp": 1}, {"sub": "s", "for": None}):
        assert _reason(identify, "c", "i", "jwt", claims, mapping, Window(0, 5)) is Reason.TOKEN_CLAIMS
