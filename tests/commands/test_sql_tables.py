"""Real tables and names that only look like tables."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from interlock.commands.sql_tables import tables


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("WITH a AS (SELECT 1) SELECT * FROM a", []),
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a", ["a"]),
        ("WITH RECURSIVE a AS (SELECT * FROM a) SELECT * FROM a", []),
        ("WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a", ["b"]),
        ("WITH a AS (SELECT 1) SELECT * FROM s.a", ["s.a"]),
    ],
)
def test_a_name_is_hidden_only_in_scope(text: str, names: list[str]) -> None:
    """A CTE hides a table only where its name is visible."""
    found = tables(sqlglot.parse_one(text, read="postgres"), exp.Table, exp.CTE)

    assert [name for _, name in found] == names
