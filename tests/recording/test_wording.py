"""Events in words, whatever they claim."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.recording.wording import masked_words, operation_words, touched, why_words

NEW: list[Any] = [
    {"name": "tool.use:Bash", "arguments": {"command": "psql"}},
    {"name": "shell.network", "in": 0, "arguments": {"command": "psql", "hosts": ["db"]}},
    {"name": "sql.ddl", "in": 1, "arguments": {"kinds": ["drop"], "tables": ["customers"]}},
]
OLD: list[Any] = [{"name": "http.post"}, {"name": "sql.ddl", "kinds": ["drop"], "tables": ["t"]}, {"more": True}]


def test_operations_of_both_formats_are_told() -> None:
    """All of them, or those that carry nothing else."""
    assert list(operation_words(NEW)) == ["tool.use:Bash psql", "shell.network psql db", "sql.ddl drop customers"]
    assert list(operation_words(OLD)) == ["http.post", "sql.ddl drop t", "and more"]
    assert touched(NEW) == "sql.ddl drop customers"
    assert touched([{"name": f"sql.read{number}"} for number in range(20)]).endswith("sql.read11; and 8 more")


def test_a_decision_says_why() -> None:
    """Reason, rule, what it stands on, and what a silent rule would have said."""
    data: dict[str, Any] = {
        "effect": "permit", "reason": "granted", "rule": "r", "grants": ["g"], "approval": "a",
        "reports": [{"rule": "quiet", "effect": "forbid"}],
    }  # fmt: skip
    assert why_words(data) == "granted, rule r, grant g, approval a, rule quiet would forbid"
    assert (
        masked_words([{"detector": "email"}, {"detector": "email"}, {"rule": "cards"}]) == "masked email x2, cards x1"
    )


@pytest.mark.parametrize("value", [None, 7, "x", [7, None, "x"], {"a": 1}, [[1]], [{"name": 7, "tables": 7, "in": []}]])
def test_claims_of_any_type_are_told_somehow(value: Any) -> None:
    """A file that somebody else wrote breaks nothing."""
    assert isinstance(" ".join([*operation_words(value), touched(value), masked_words(value)]), str)
    names = ("effect", "reason", "rule", "rules", "grants", "approval", "reports")
    assert isinstance(why_words(dict.fromkeys(names, value)), str)
