"""Database clients and downloads."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "name", "flag"),
    [
        ("psql -l", "shell.network", ""),
        ("psql -v x=y -c 1", "shell.unknown", ""),
        ("psql", "shell.unknown", ""),
        ("sqlite3 a.db .schema", "shell.read", ""),
        ("sqlite3 -cmd x a.db 1", "shell.unknown", ""),
        ("pg_dump x", "shell.network", ""),
        ("duckdb -c \"SELECT * FROM '.env.csv'\"", "shell.network", ""),
        ('bq query "select 1"', "shell.network", ""),
        ("curl -o x https://a.example", "shell.network", "download"),
        ("curl file:///etc/passwd", "shell.unknown", ""),
        ("curl -K x", "shell.unknown", ""),
        ("curl -d x https://a.example", "shell.network", "upload"),
    ],
)
def test_calls_are_judged(text: str, name: str, flag: str) -> None:
    """The first operation has the expected name and says why."""
    first = analyse(text, "shell")[0]

    assert first.name == name
    assert flag in ["", *first.arguments["flags"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("duckdb -c \"SELECT count(*) FROM 'data/a.parquet'\"", "sql.read"),
        ("duckdb -c \"SELECT count(*) FROM read_csv_auto('data.csv') d\"", "sql.read"),
        ("duckdb -c \"COPY x TO 'data.csv'\"", "sql.admin"),
        ("duckdb -c \"SELECT * FROM read_csv('https://x.example/a.csv')\"", "sql.admin"),
        ("psql -c '\\copy (select 1) to stdout csv'", "sql.read"),
        ("psql -c \"\\copy (select 1) to 'x.csv'\"", "sql.read"),
        ("psql -c \"\\copy (select 1) to 'x.sh'\"", "sql.admin"),
        ("psql -c '\\copy (delete from x returning 1) to stdout'", "sql.write"),
    ],
)
def test_data_of_the_users_own_is_read(text: str, expected: str) -> None:
    """Local data files, and rows that come out on the screen; anything else stays what it is to the database."""
    found = [inner for operation in analyse(text, "shell") for inner in operation.walk() if inner.protocol == "sql"]

    assert max(found, key=lambda operation: operation.access).name == expected
