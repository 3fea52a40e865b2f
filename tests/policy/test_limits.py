"""What an agent may know: names of operations, what becomes of them, and nothing else of the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.policy.conftest import ANALYST

from interlock.policy import Context, Policy
from interlock.policy.limits import asking_rules, limits_of

type Build = Callable[..., Policy]

BY = "by: {groups: [dba]}"
RULES = f"""
- {{id: a, permit: ['http.get /v1/**', 'sql.*'], on: [warehouse], to: {{groups: [analyst]}}}}
- {{id: b, review: [sql.write], on: [warehouse], to: anyone, {BY}, grant: {{max: 5m}}}}
- {{id: c, forbid: [sql.ddl]}}
- {{id: d, forbid: ['http.get /v1/secret']}}
- {{id: e, permit: [http.delete], on: [warehouse], to: {{groups: [admin]}}}}
- {{id: f, break-glass: [mcp.unknown, sql.ddl], on: [tickets], to: anyone, by: {{groups: [dba], people: 2}}}}
- {{id: g, permit: ['tool.use:*', 'shell.read'], on: agent, to: anyone}}
"""
MAY, ASK = "permitted", "a person decides"


@pytest.mark.parametrize(
    ("on", "found"),
    [
        ("warehouse", {"http.get": MAY, "sql.admin": MAY, "sql.read": MAY, "sql.write": ASK}),
        ("agent", {"shell.read": MAY, "tool.use": MAY}),
        ("unknown", {}),
    ],
)
def test_names_by_connection(policy: Build, on: str, found: dict[str, str]) -> None:
    """The strictest word counts, what is never permitted is not there, and others' rules do not show."""
    rules = policy(RULES)
    assert limits_of(rules, Context(ANALYST, on)) == found


def test_what_could_be_opened_in_an_emergency_is_named(policy: Build) -> None:
    """Unless a rule forbids it to everyone."""
    rules = policy(RULES)
    shown = limits_of(rules, Context(ANALYST, "tickets"))
    assert "sql.ddl" not in shown
    assert "emergency" in shown["mcp.unknown"]


def test_rules_that_could_ask(policy: Build) -> None:
    """By the operation's name alone; only about whom they speak."""
    rules = policy(RULES)
    assert [rule.id for rule in asking_rules(rules, Context(ANALYST, "warehouse"), ["sql.write"])] == ["b"]
    assert asking_rules(rules, Context(ANALYST, "warehouse"), ["sql.read"]) == ()
    assert [rule.id for rule in asking_rules(rules, Context(ANALYST, "tickets"), ["mcp.unknown"])] == ["f"]
    only = policy(f"- {{id: b, review: [sql.write], on: [warehouse], to: {{groups: [dba]}}, {BY}}}")
    assert asking_rules(only, Context(ANALYST, "warehouse"), ["sql.write"]) == ()
    member = replace(ANALYST, groups=frozenset({"dba"}))
    assert [rule.id for rule in asking_rules(only, Context(member, "warehouse"), ["sql.write"])] == ["b"]
