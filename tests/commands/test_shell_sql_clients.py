"""Database clients whose words are SQL."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.shell_sql_clients import CLIENTS, POSITIONS, SUBCOMMANDS


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("snow sql -q 'DROP SCHEMA s'", "sql.ddl"), ("snow sql -q 'SELECT 1'", "sql.read"),
        ("clickhouse client -q 'DROP TABLE t'", "sql.ddl"), ("clickhouse local -q 'SELECT 1'", "sql.read"),
        ("ysqlsh -c 'DELETE FROM t'", "sql.write"), ("presto --execute 'DROP TABLE t'", "sql.ddl"),
        ("mssql-cli -Q 'DROP TABLE t'", "sql.ddl"), ("osqueryi 'SELECT * FROM users'", "sql.read"),
        ("db2 'DROP TABLE t'", "sql.ddl"), ("sqlcipher app.db 'DROP TABLE t'", "sql.ddl"),
        ("duckdb app.db 'SELECT 1'", "sql.read"),
    ],
)  # fmt: skip
def test_sql_is_found_where_a_client_takes_it(text: str, sql: str) -> None:
    """In an option, below a word, or as an operand."""
    assert sql in [one.name for top in analyse(text, "shell") for one in top.walk()]


def test_other_words_of_such_programs_are_no_sql() -> None:
    """`snow object list` is a program that is not known, and holds none."""
    found = [one for top in analyse("snow object list table", "shell") for one in top.walk()]

    assert not [one for one in found if one.protocol == "sql"]


def test_the_tables_name_clients_alone() -> None:
    """What stands below a word, or takes an operand, is a client itself."""
    assert set(POSITIONS) <= set(CLIENTS)
    assert {name for words in SUBCOMMANDS.values() for name in words.values()} <= set(CLIENTS)
