"""What CREATE and its like amount to."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


@pytest.mark.parametrize(
    ("dialect", "text", "kinds", "flags"),
    [
        ("snowflake", "CREATE OR REPLACE TABLE a (b int)", ["create", "drop"], ["replaces"]),
        ("snowflake", "CREATE OR REPLACE TABLE a AS SELECT * FROM a WHERE 1 = 0", ["create", "drop"], ["replaces"]),
        ("bigquery", "CREATE OR REPLACE TABLE a.b AS SELECT * FROM a.b LIMIT 0", ["create", "drop"], ["replaces"]),
        ("duckdb", "CREATE OR REPLACE TABLE a AS SELECT 1", ["create", "drop"], ["replaces"]),
        ("duckdb", "CREATE OR REPLACE TABLE a AS SELECT * FROM b WHERE c = 1", ["create"], ["replaces"]),
        ("duckdb", "CREATE OR REPLACE TEMP TABLE a AS SELECT 1", ["create"], []),
        ("duckdb", "CREATE TABLE a (b int)", ["create"], []),
        ("postgres", "CREATE OR REPLACE VIEW a AS SELECT 1", ["create"], []),
    ],
)
def test_replacing_a_table_drops_it(dialect: str, text: str, kinds: list[str], flags: list[str]) -> None:
    """It is called a drop where nothing of a table comes back, and always `replaces`."""
    (found,) = analyse(text, "sql", dialect)

    assert (found.arguments["kinds"], found.arguments["flags"]) == (kinds, flags)
    assert found.action == "ddl"


@pytest.mark.parametrize(
    ("text", "objects"),
    [
        ("CREATE TEMP FUNCTION f(a INT64) AS (a * 2)", ["temporary function"]),
        ("CREATE TEMP FUNCTION f(a INT64) RETURNS INT64 LANGUAGE js AS 'return a'", ["function"]),
        ("CREATE FUNCTION d.f(a INT64) AS (a * 2)", ["function"]),
    ],
)
def test_a_function_for_the_session_in_sql_is_told_from_code(text: str, objects: list[str]) -> None:
    """All of them are administration; only what stays, or is code of another language, counts as code."""
    (found,) = analyse(text, "sql", "bigquery")

    assert (found.action, found.arguments["objects"]) == ("admin", objects)
