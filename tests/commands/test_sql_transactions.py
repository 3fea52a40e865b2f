"""Statements that only begin, mark or end a transaction."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "actions"),
    [
        ("postgres", "BEGIN READ ONLY; SELECT 1; COMMIT", ["read", "read"]),
        ("postgres", "SAVEPOINT a; DELETE FROM t WHERE b = 1; ROLLBACK TO a", ["write", "read"]),
        ("sqlite", "BEGIN IMMEDIATE; SELECT 1; END", ["read", "read"]),
        ("mysql", "START TRANSACTION READ WRITE; SELECT 1", ["read"] * 2),
        ("postgres", "START", ["admin"]),
        ("mysql", "START SLAVE", ["admin"]),
        ("postgres", "RELEASE a DROP TABLE t", ["admin"]),
        ("tsql", "SAVEPOINT a", ["admin"]),
    ],
)
def test_control(dialect: str, text: str, actions: list[str]) -> None:
    """They change no data and count once; what only begins like one does, and so may a procedure in T-SQL."""
    assert [operation.action for operation in analyse(text, "sql", dialect)] == actions
