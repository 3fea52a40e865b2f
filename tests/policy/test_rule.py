"""Rules as values, and how a policy finds them."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.model import Effect
from interlock.policy import Policy, Rule, build_policy
from interlock.policy.pattern import compile_pattern


def rule(name: str, *patterns: str, **more: object) -> Rule:
    return Rule(name, patterns=tuple(compile_pattern(text) for text in patterns), **more)  # type: ignore[arg-type]


def test_a_rule_forbids_by_default() -> None:
    """The zero value of every type denies."""
    assert Rule("a").effect is Effect.FORBID
    assert not Rule("a").report
    assert Policy().rules == ()


def test_rules_are_found_by_place_and_protocol() -> None:
    """Each place knows its rules in order of id, with only the patterns of a protocol."""
    policy = build_policy(
        [
            rule("z", "sql.read", "http.get", on=frozenset({"warehouse"})),
            rule("a", "*.*", everywhere=True, agent=True),
        ],
        connections=["warehouse", "payroll"],
    )

    warehouse = policy.by_connection["warehouse"]
    assert [(found.id, [pattern.text for pattern in patterns]) for found, patterns in warehouse["sql"]] == [
        ("a", ["*.*"]),
        ("z", ["sql.read"]),
    ]
    assert [found.id for found, _ in warehouse["*"]] == ["a"]
    assert set(policy.by_connection["payroll"]) == {"*"}
    assert [found.id for found, _ in policy.on_agent["*"]] == ["a"]


def test_one_id_is_one_rule() -> None:
    """Two rules of one id cannot be told apart in the evidence."""
    with pytest.raises(InterlockError, match="two rules"):
        build_policy([Rule("a"), Rule("a")])
