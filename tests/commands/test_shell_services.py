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
        ("redis-cli get x", "shell.network", ""),
        ("redis-cli eval x", "shell.unknown", ""),
        ("pg_dump x", "shell.network", ""),
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
