"""Whose decisions they are: what rules may ask about a principal, and nothing else of its token."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.mitm.circumstances import principal_event
from interlock.model import Principal

CLAIMS = {"department": "finance", "email": "erika@example.com", "level": 0.5}


def said(named: frozenset[str], **more: Any) -> dict[str, Any]:
    """The event of a principal."""
    found = {"groups": frozenset(("b", "a")), "claims": CLAIMS, **more}
    return principal_event(Principal("corp", "https://idp.example.com", "erika", "jwt", **found), named)


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        (frozenset(), None),
        (frozenset({"department", "absent"}), {"department": "finance"}),
        (frozenset({"level"}), {"level": "0.5"}),
        (frozenset({"*"}), {"department": "finance", "email": "erika@example.com", "level": "0.5"}),
    ],
)
def test_of_claims_only_those_are_kept_that_a_rule_names(named: frozenset[str], kept: dict[str, Any] | None) -> None:
    """Fractions as text, and where they stood."""
    found = said(named)
    assert found.get("claims") == kept
    assert (found.get("numbers") == [["level"]]) is bool(kept and "level" in kept)


def test_who_they_are_is_whole() -> None:
    """Groups sorted, whom they act for, their client; what is too much is cut and says so."""
    found = said(frozenset(), acting_for="max", client="claude")
    assert found == {
        "identity": "corp", "issuer": "https://idp.example.com", "subject": "erika", "scheme": "jwt",
        "groups": ["a", "b"], "acting_for": "max", "client": "claude",
    }  # fmt: skip
    many = said(frozenset(), groups=frozenset(map(str, range(2000))))
    assert (len(many["groups"]), many["cut"]) == (1000, True)
    assert said(frozenset({"x"}), claims={"x": "y" * 9999})["cut"] is True
