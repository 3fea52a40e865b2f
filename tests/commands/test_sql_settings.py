"""Settings of the session, and procedures."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "action", "flags"),
    [
        ("postgres", "SET TIME ZONE 'UTC'", "read", []),
        ("postgres", "SET LOCAL statement_timeout = '5s'", "read", []),
        ("mysql", "SET NAMES utf8mb4", "read", []),
        ("tsql", "SET NOCOUNT ON", "read", []),
        ("postgres", "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "read", []),
        ("postgres", "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE", "admin", ["session"]),
        ("postgres", "SET search_path TO other", "admin", []),
        ("mysql", "SET @x = 1", "admin", []),
        ("postgres", "SET ROLE dba", "admin", ["session", "rights"]),
        ("mysql", "SET GLOBAL x = 1", "admin", ["session"]),
        ("mysql", "SET @@global.x = 1", "admin", ["session"]),
        ("mysql", "SET NAMES utf8mb4, GLOBAL x = 1", "admin", ["session"]),
        ("mysql", "USE shop", "admin", []),
        ("snowflake", "USE ROLE accountadmin", "admin", ["session", "rights"]),
        ("sqlite", "PRAGMA user_version", "read", []),
        ("sqlite", "PRAGMA user_version = 3", "admin", []),
        ("sqlite", "PRAGMA main.table_info('orders')", "read", []),
        ("sqlite", "PRAGMA writable_schema", "admin", ["session"]),
        ("tsql", "EXEC dbo.report 1", "admin", ["opaque"]),
        ("tsql", "EXEC sp_help 'orders'", "admin", []),
        ("tsql", "EXEC sp_configure 'x', 1", "admin", ["opaque", "dynamic"]),
        ("tsql", "EXEC('x')", "admin", ["opaque", "dynamic"]),
        ("tsql", "EXEC(@s)", "admin", ["opaque", "dynamic", "not-understood"]),
        ("tsql", "DECLARE @x INT = 5", "read", []),
    ],
)
def test_settings(dialect: str, text: str, action: str, flags: list[str]) -> None:
    """Only what is known to change nothing but the session's own comfort is harmless."""
    (found,) = analyse(text, "sql", dialect)

    assert (found.action, found.arguments["flags"]) == (action, flags)
