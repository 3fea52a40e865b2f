"""Odd places that a statement reads from."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "action"),
    [
        ("postgres", "SELECT * FROM '/etc/passwd'", "admin"),
        ("postgres", 'SELECT * FROM "orders.csv"', "admin"),
        ("postgres", 'SELECT * FROM "orders"', "read"),
        ("postgres", "SELECT * FROM file('x')", "admin"),
        ("postgres", "SELECT * FROM orders o", "read"),
        ("tsql", "SELECT * FROM x WITH (TABLOCKX)", "write"),
        ("tsql", "SELECT * FROM x (TABLOCKX)", "write"),
        ("tsql", "SELECT * FROM x WITH (NOLOCK)", "read"),
        ("tsql", "SELECT * FROM srv.db.dbo.t", "admin"),
        ("tsql", "SELECT * FROM db.dbo.t", "read"),
        ("tsql", "SELECT 1 FROM x REVERT", "admin"),
        ("mysql", "START SLAVE", "admin"),
        ("mysql", "START GROUP_REPLICATION", "admin"),
        ("mysql", "START TRANSACTION READ ONLY", "read"),
        ("mysql", "!!rm", "admin"),
        ("mysql", "(SELECT 1)", "read"),
        ("snowflake", "SELECT ids.NEXTVAL", "admin"),
        ("snowflake", "SELECT nextval FROM x", "read"),
    ],
)
def test_places(dialect: str, text: str, action: str) -> None:
    """A file, another server, a lock and a statement that only looks like BEGIN are told from their look-alikes."""
    assert analyse(text, "sql", dialect)[0].action == action
