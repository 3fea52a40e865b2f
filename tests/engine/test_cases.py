"""Cases are run as the gateway would judge them, and a failing one says what came out."""

from __future__ import annotations

import pytest
from tests.engine.conftest import BASE, Load

from interlock.engine.cases import run_cases

READS = """\
cases:
  - as: {groups: [analyst]}
    on: warehouse
    send: {at: "POST /v1/query", body: {query: "%s"}}
    expect: %s
"""


def test_cases_that_hold_pass(load: Load) -> None:
    """Decision, rule and reason, requests and proposals."""
    rules = load(
        READS % ("SELECT 1", "permit")
        + "    rule: analysts-read\n    reason: permitted\n"
        + """\
  - as: {groups: [engineer]}
    on: agent
    propose: {tool: Bash, input: {command: "ls"}}
    expect: permit
  - as: anyone
    on: warehouse
    send: {at: "GET /v1/other"}
    expect: forbid
    reason: no-rule
"""
    )
    results = run_cases(rules)
    assert results.run == 3
    assert results.failures == ()
    assert results.ok


@pytest.mark.parametrize(
    ("case", "says"),
    [
        (READS % ("DELETE FROM x", "permit"), "expected permit, but it is forbid (no-rule)"),
        (READS % ("SELECT 1", "forbid"), "expected forbid, but it is permit (permitted, rule analysts-read)"),
        (READS % ("SELECT 1", "permit") + "    rule: coding-tools\n", "expected rule coding-tools, but it is permit"),
        (READS % ("DROP TABLE x", "forbid") + "    reason: blocked\n", "expected reason blocked, but it is forbid"),
    ],
)
def test_a_case_that_does_not_hold_says_what_came_out(load: Load, case: str, says: str) -> None:
    """With its place, and the case itself in a few words."""
    results = run_cases(load(case))
    assert not results.ok
    assert results.failures[0].message.startswith(says)
    assert "POST /v1/query" in results.failures[0].message
    assert str(results.failures[0].place).endswith("more.yaml:3:5")


def test_a_case_that_fails_says_which_operation_decided(load: Load) -> None:
    """And what could be done, so that nobody has to ask `decide` the same again."""
    failed = run_cases(load(READS % ("DELETE FROM x", "permit"))).failures[0]
    assert failed.hint.startswith("sql.write decided: Nothing permits sql.write here")


def test_a_case_is_judged_at_its_own_time(load: Load) -> None:
    """A window holds or not by what the case says, not by the clock."""
    policy = BASE.replace(
        "    to: {groups: [analyst]}\n",
        '    to: {groups: [analyst]}\n    when: {between: "08:00-18:00", zone: Europe/Berlin}\n',
    )
    case = READS % ("SELECT 1", "%s") + "    time: %s\n"
    inside = case % ("permit", "2030-01-31T09:00+01:00")
    outside = case % ("forbid", "2030-01-31T19:00+01:00")
    assert run_cases(load(inside + outside.removeprefix("cases:\n"), base=policy)).failures == ()


def test_groups_that_no_token_could_bring_fail_the_case(load: Load) -> None:
    """An identity that reads no groups never has any: the case must not pretend."""
    rules = load(READS % ("SELECT 1", "permit"), base=BASE.replace("groups: realm.groups, ", ""))
    assert "reads no groups" in run_cases(rules).failures[0].message
