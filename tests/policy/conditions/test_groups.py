"""`groups:` in `to:`."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.model import Principal


@pytest.mark.parametrize(
    ("groups", "expected"),
    [({"analyst"}, True), ({"dba", "x"}, True), ({"Analyst"}, False), ({"analyst2"}, False), (set(), False)],
)
def test_any_of_the_groups(groups: set, expected: bool, condition, moment) -> None:
    """One exact name is enough; case and prefixes are not the same group."""
    test = condition("to", "groups: [analyst, dba]")

    assert test(moment(who=Principal("corp", "i", "s", groups=frozenset(groups)))) is expected


def test_groups_are_texts(condition) -> None:
    """A number is not a group's name."""
    with pytest.raises(RulesInvalid):
        condition("to", "groups: [1]")
