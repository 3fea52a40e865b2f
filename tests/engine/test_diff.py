"""An upgrade never changes a decision silently."""

from __future__ import annotations

from tests.engine.conftest import BASE, Load

from interlock.engine.diff import compare

CASES = """\
cases:
  - as: {groups: [analyst]}
    on: warehouse
    send: {at: "POST /v1/query", body: {query: "SELECT 1"}}
    expect: permit
  - as: {groups: [analyst]}
    on: warehouse
    send: {at: "POST /v1/query", body: {query: "DELETE FROM x"}}
    expect: forbid
"""


def test_the_same_rules_change_nothing(load: Load) -> None:
    """Cases that stand in both count once."""
    assert compare(load(CASES), load(CASES, name="new")) == ()


def test_looser_and_stricter_cases_are_listed(load: Load) -> None:
    """What passes now, and what does not any more."""
    new = BASE.replace("permit: [sql.read]", "permit: [sql.write]")
    stricter, looser = compare(load(CASES), load(CASES, base=new, name="new"))
    assert (stricter.looser, stricter.before.effect.name, stricter.after.effect.name) == (False, "PERMIT", "FORBID")
    assert (looser.looser, looser.decides) == (True, True)
    assert "DELETE FROM x" in looser.case


def test_cases_of_the_older_rules_are_asked_too(load: Load) -> None:
    """Deleting a case does not hide what it showed."""
    changes = compare(load(CASES), load(base=BASE.replace("permit: [sql.read]", "permit: [sql.ddl]"), name="new"))
    assert [change.before.rule for change in changes] == ["analysts-read"]


def test_another_rule_with_the_same_decision_is_told_apart(load: Load) -> None:
    """Worth knowing, and no change of the decision."""
    renamed = BASE.replace("analysts-read", "readers")
    (change,) = compare(load(CASES), load(CASES, base=renamed, name="new"))
    assert not change.decides
    assert (change.before.rule, change.after.rule) == ("analysts-read", "readers")


def test_a_case_that_cannot_be_asked_any_more_is_a_refusal(load: Load) -> None:
    """Its connection or identity is gone: stricter, not silent."""
    gone = BASE.replace("name: warehouse", "name: lake").replace("on: [warehouse]", "on: [lake]")
    changes = compare(load(CASES), load(base=gone, name="new"))
    assert [(change.after.effect.name, change.after.reason) for change in changes] == [
        ("FORBID", "unknown-host"),
        ("FORBID", "unknown-host"),
    ]
    other = BASE.replace("name: corp", "name: other")
    named = CASES.replace("as: {groups", "as: {from: corp, groups")
    assert {change.after.reason for change in compare(load(named, name="a"), load(base=other, name="b"))} == {
        "token-issuer"
    }
