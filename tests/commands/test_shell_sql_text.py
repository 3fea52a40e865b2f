"""The text of database clients as SQL."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("mysql -e 'SELECT 1; SHOW TABLES\\G'", ["sql.read", "sql.read"]),
        ("mysql -e 'SELECT 1\\G DROP TABLE t'", ["sql.read", "sql.ddl"]),
        ('psql -c "DROP TABLE $t"', ["sql.ddl"]),
        ('psql -c "DELETE FROM $t"', ["sql.write"]),
        ('psql -c "DELETE FROM $t WHERE id = 1"', []),
        ('psql -c "SELECT count(*) FROM $t"', []),
        ("mysql app <<E\nDROP TABLE $t;\nE", ["sql.ddl"]),
        ("duckdb -c \"SELECT 1 FROM 'a.csv'\"", ["sql.read"]),
    ],
)
def test_texts_are_read_as_the_database_gets_them(text: str, names: list[str]) -> None:
    """Ends of statements, names that the run puts in, files of data."""
    found = analyse(text, "shell")[0]

    assert [one.name for one in found.nested] == names
    assert ("$" in text) == (found.name == "shell.unknown")
