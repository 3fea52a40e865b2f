"""`claims:` in `to:`."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.model import Principal

CLAIMS = {
    "department": "finance",
    "level": 3,
    "verified": True,
    "teams": ["red", "blue"],
    "https://example.com/site": "berlin",
    "realm_access": {"roles": ["auditor", "user"]},
    "odd": {"department": "finance"},
}
ROWS = [
    ("{department: finance}", True),
    ("{department: [sales, finance]}", True),
    ("{department: sales}", False),
    ("{department: Finance}", False),
    ("{level: 3}", True),
    ("{level: 3.0}", True),
    ("{level: '3'}", False),
    ("{level: true}", False),
    ("{verified: true}", True),
    ("{verified: 1}", False),
    ("{teams: blue}", True),
    ("{teams: [green]}", False),
    ("{'https://example.com/site': berlin}", True),
    ("{'$.realm_access.roles[*]': auditor}", True),
    ("{'$.realm_access.roles': auditor}", True),
    ("{'$.realm_access.roles[*]': admin}", False),
    ("{department: finance, level: 4}", False),
    ("{department: finance, level: 3}", True),
    ("{absent: x}", False),
    ("{odd: finance}", False),
]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_claims(text: str, expected: bool, condition, moment) -> None:
    """By name or path, any of the values, with types; absent claims never hold."""
    test = condition("to", f"claims: {text}")

    assert test(moment(who=Principal("corp", "i", "s", claims=CLAIMS))) is expected


@pytest.mark.parametrize("text", ["{}", "[a]", "{a: []}", "{a: {b: 1}}", "{a: [[1]]}", "{a: null}", "{'$.[': x}"])
def test_broken_claims_are_refused(text: str, condition) -> None:
    """What could never hold is an error."""
    with pytest.raises(RulesInvalid):
        condition("to", f"claims: {text}")
