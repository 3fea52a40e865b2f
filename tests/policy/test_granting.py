"""What was granted for a time answers rules that ask, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.policy.conftest import ANALYST

from interlock.model import Access, Effect, Grant, Operation, person
from interlock.policy import Context, Policy, decide, explain
from interlock.policy.could import could
from interlock.policy.granting import granted

type Build = Callable[..., Policy]

NOW = 1000.0
BY = "by: {groups: [dba]}, grant: {max: 30m}"
ASK = f"- {{id: ask, review: [sql.write], on: [warehouse], to: anyone, {BY}}}\n"
ALSO = f"- {{id: also, review: ['sql.*'], on: [warehouse], to: anyone, {BY}}}\n"
SHELL = f"- {{id: sh, review: [shell.admin], on: agent, to: anyone, {BY}}}\n"
GLASS = (
    "- {id: glass, break-glass: [sql.ddl, sql.write], on: [warehouse], to: anyone, by: {groups: [dba], people: 2}}\n"
)
NEVER = "- {id: never, forbid: [sql.write]}\n"
PERMIT = "- {id: all, permit: ['sql.*'], on: [warehouse], to: anyone}\n"
WRITE = Operation("sql", "write", access=Access.WRITE, text="insert")
DDL = Operation("sql", "ddl", access=Access.DDL, text="drop")
ADMIN = Operation("shell", "admin", access=Access.ADMIN, text="mount", agent=True)
GRANT = Grant("g1", person(ANALYST), "warehouse", ("sql.write",), ("ask",), NOW, NOW + 60)
AT_AGENT = replace(GRANT, connection="agent", operations=("shell.admin",), rules=("sh",))
YES, ASKS, NO = Effect.PERMIT, Effect.REVIEW, Effect.FORBID
TABLE = [
    ("granted", ASK, WRITE, GRANT, YES, "granted", "ask"),
    ("not yet", ASK, WRITE, replace(GRANT, begins=NOW + 1), ASKS, "approval-needed", "ask"),
    ("over at its very end", ASK, WRITE, replace(GRANT, until=NOW), ASKS, "approval-needed", "ask"),
    ("revoked", ASK, WRITE, replace(GRANT, revoked=NOW - 1), ASKS, "approval-needed", "ask"),
    ("another connection", ASK, WRITE, replace(GRANT, connection="payroll"), ASKS, "approval-needed", "ask"),
    ("another operation", ASK, WRITE, replace(GRANT, operations=("sql.read",)), ASKS, "approval-needed", "ask"),
    ("no pattern", ASK, WRITE, replace(GRANT, operations=("sql.*",)), ASKS, "approval-needed", "ask"),
    ("another rule", ASK, WRITE, replace(GRANT, rules=("other",)), ASKS, "approval-needed", "ask"),
    ("one of two rules that ask", ASK + ALSO, WRITE, GRANT, ASKS, "approval-needed", "also"),
    ("both rules that ask", ASK + ALSO, WRITE, replace(GRANT, rules=("also", "ask")), YES, "granted", "also"),
    ("never what is forbidden", ASK + NEVER, WRITE, GRANT, NO, "forbidden", "never"),
    ("never what no rule speaks about", ASK, DDL, replace(GRANT, operations=("sql.ddl",)), NO, "no-rule", ""),
    ("what the agent runs", SHELL, ADMIN, AT_AGENT, YES, "granted", "sh"),
    ("not the agent", SHELL, ADMIN, replace(AT_AGENT, connection="warehouse"), ASKS, "approval-needed", "sh"),
    ("glass is whole", GLASS, DDL, GRANT, NO, "no-rule", ""),
    ("glass asks nobody", GLASS + PERMIT, DDL, GRANT, YES, "permitted", "all"),
    ("glass broken", GLASS, DDL, replace(GRANT, operations=("sql.ddl",), rules=("glass",)), YES, "granted", "glass"),
    ("glass answers all that ask", GLASS + ASK, WRITE, replace(GRANT, rules=("glass",)), YES, "granted", "glass"),
    ("glass is no way round forbid", GLASS + NEVER, WRITE, replace(GRANT, rules=("glass",)), NO, "forbidden", "never"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "operation", "grant", "effect", "reason", "rule"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_a_grant_answers_the_rules_it_names(
    policy: Build, rules: str, operation: Operation, grant: Grant, effect: Effect, reason: str, rule: str
) -> None:
    """On its connection, by the operation's full name, while it is in force; `decide` and `explain` say the same."""
    context = Context(ANALYST, "warehouse", now=NOW, grants=(grant,))
    found = decide(policy(rules), context, [operation])
    assert (found.effect, found.reason, found.rule) == (effect, reason, rule)
    assert found.grants == (("g1",) if reason == "granted" else ())
    assert found.reviews == (tuple(sorted({"ask", "also", "sh"} & _named(rules))) if effect is ASKS else ())
    assert [(one.effect, one.reason) for one in explain(policy(rules), context, [operation])] == [(effect, reason)]


def _named(rules: str) -> set[str]:
    return {word for word in ("ask", "also", "sh") if f"id: {word}," in rules}


def test_every_rule_that_asks_about_any_operation_is_named(policy: Build) -> None:
    """An approval has to satisfy all of them."""
    found = decide(policy(ASK + ALSO + SHELL), Context(ANALYST, "warehouse", now=NOW), [WRITE, ADMIN])
    assert (found.effect, found.reviews) == (ASKS, ("also", "ask", "sh"))


def test_what_is_forbidden_names_no_review(policy: Build) -> None:
    """Nobody is asked about an exchange that cannot pass."""
    found = decide(policy(ASK), Context(ANALYST, "warehouse", now=NOW), [WRITE, DDL])
    assert (found.effect, found.reviews, found.grants) == (NO, (), ())


def test_a_remedy_names_the_way_into_an_emergency(policy: Build) -> None:
    """The model is told what to ask for."""
    found = decide(policy(GLASS), Context(ANALYST, "warehouse", now=NOW), [DDL])
    assert "glass" in found.remedy
    assert "request_access" in found.remedy


def test_no_grants_cost_nothing(policy: Build) -> None:
    """Without any the rules are not even looked at."""
    rules = policy(ASK).rules
    assert granted(Context(ANALYST, "warehouse"), WRITE, False, rules) == (None, frozenset())


def test_a_list_shows_what_an_emergency_opened(policy: Build) -> None:
    """And not what it could open."""
    context = Context(ANALYST, "warehouse", now=NOW)
    assert not could(policy(GLASS), context, DDL)
    assert could(policy(GLASS), replace(context, grants=(replace(GRANT, rules=("glass",)),)), DDL)
