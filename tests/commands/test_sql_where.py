"""Conditions that leave nothing out."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands.sql_where import always_true


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("1=1", True), ("true", True), ("not false", True), ("not not true", True), ("a = a", True), ("2 > 1", True),
        ("a like '%'", True), ("a = 1 or 1", True), ("1 in (1, 2)", True), ("true and 'x' = 'x'", True),
        ("a = 1", False), ("true and a = 1", False), ("a = b", False), ("0", False), ("1 = 2", False),
        ("a like 'x%'", False), ("not a = 1", False),
    ],
)  # fmt: skip
def test_always_true(condition: str, expected: bool) -> None:
    """Constant conditions are recognised, real ones are left alone."""
    where = sqlglot.parse_one(f"DELETE FROM t WHERE {condition}").args["where"]

    assert always_true(where) is expected
