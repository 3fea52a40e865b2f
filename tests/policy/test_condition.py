"""Conditions are found by file and put together."""

from __future__ import annotations

import pytest

from interlock.model import Effect, Principal
from interlock.policy import Context
from interlock.policy.condition import all_of, known_members, read_tests, typed
from interlock.schema import Reader
from interlock.source import read_yaml_text

CONTEXT = Context(Principal("corp", "i", "erika", groups=frozenset({"a"})), "warehouse")


def test_every_member_has_an_owner() -> None:
    """What may stand in `to:` and `when:` is what the files say."""
    assert set(known_members("to")) == {"acting_for", "claims", "groups", "subjects"}
    assert set(known_members("when")) == {"between", "body", "days", "method", "path", "zone"}


def test_members_of_a_section_are_and() -> None:
    """Each condition that is written becomes one test."""
    node = read_yaml_text("{groups: [a], subjects: [erika]}", "x")
    assert isinstance(node.value, dict)
    tests = read_tests("to", node.value, Effect.PERMIT, Reader())

    assert len(tests) == 2
    assert all(test(CONTEXT) for test in tests)


@pytest.mark.parametrize(
    "outcomes", [[True], [True, True], [True, False], [False, True], [True] * 3, [True, True, False]]
)
def test_all_of_holds_when_all_hold(outcomes: list[bool]) -> None:
    """However many there are."""
    test = all_of(tuple(lambda context, outcome=outcome: outcome for outcome in outcomes))  # type: ignore[misc]

    assert test is not None
    assert test(CONTEXT) is all(outcomes)


def test_nothing_to_test_is_said() -> None:
    """No conditions are no test, not a test that always holds."""
    assert all_of(()) is None


def test_types_never_meet() -> None:
    """`true`, `1`, `"1"`, null and containers are different values; 1 and 1.0 are one."""
    values = [True, 1, "1", None, [1], {"a": 1}]

    assert len({typed(value) for value in values}) == len(values)
    assert typed(1) == typed(1.0)
