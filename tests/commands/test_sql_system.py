"""The database's own tables."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "action", "flags"),
    [
        ("postgres", "SELECT rolpassword FROM pg_authid", "admin", ["secrets"]),
        ("postgres", "SELECT * FROM pg_catalog.pg_shadow s", "admin", ["secrets"]),
        ("postgres", "SELECT s FROM pg_shadow s", "admin", ["secrets"]),
        ("postgres", "SELECT rolname FROM pg_authid", "read", []),
        ("postgres", "SELECT rolpassword FROM my_authid", "read", []),
        ("mysql", "SELECT user, host FROM mysql.user", "read", []),
        ("mysql", "SELECT authentication_string FROM mysql.user", "admin", ["secrets"]),
        ("mysql", "INSERT INTO mysql.user (host) VALUES ('x')", "admin", ["system-tables"]),
        ("tsql", "SELECT password_hash FROM master.sys.sql_logins", "admin", ["secrets"]),
        ("postgres", "DELETE FROM pg_proc WHERE proname = 'x'", "admin", ["system-tables"]),
        ("postgres", "DELETE FROM shop.pg_proc WHERE proname = 'x'", "write", []),
        ("sqlite", "UPDATE sqlite_master SET sql = '' WHERE name = 'x'", "admin", ["system-tables"]),
    ],
)
def test_secrets_and_system_tables(dialect: str, text: str, action: str, flags: list[str]) -> None:
    """Changing them is administration, and so is reading the secrets in them; reading the rest is reading."""
    (found,) = analyse(text, "sql", dialect)

    assert (found.action, found.arguments["flags"]) == (action, flags)
