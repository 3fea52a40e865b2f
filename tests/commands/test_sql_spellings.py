"""Spellings that a database reads and the parser does not."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.sql_spellings import respelled


@pytest.mark.parametrize(
    ("dialect", "text", "access", "tables"),
    [
        ("mysql", "UPDATE IGNORE t SET a = 1 WHERE id = 2", "write", ["t"]),
        ("mysql", "DELETE LOW_PRIORITY QUICK FROM t WHERE id = 2", "write", ["t"]),
        ("mysql", "INSERT LOW_PRIORITY IGNORE INTO t VALUES (1)", "write", ["t"]),
        ("mysql", "DESC t a", "read", ["t"]),
        ("mysql", "SHOW GRANTS FOR CURRENT_USER()", "read", []),
        ("sqlite", "UPDATE OR IGNORE t SET a = 1 WHERE id = 2", "write", ["t"]),
        ("sqlite", "REPLACE INTO t VALUES (1)", "write", ["t"]),
        ("clickhouse", "EXISTS TABLE t", "read", ["t"]),
        ("clickhouse", "CHECK TABLE t", "read", ["t"]),
        ("clickhouse", "SELECT a FROM t LIMIT 5 BY a LIMIT 10, 5", "read", ["t"]),
        ("clickhouse", "SELECT a FROM t GROUP BY a WITH TOTALS SETTINGS max_threads = 4", "read", ["t"]),
        ("clickhouse", 'INSERT INTO t (a) FORMAT JSONEachRow {"a": 1}', "write", ["t"]),
        ("clickhouse", "INSERT INTO t SETTINGS async_insert = 1, max_threads = 2 VALUES (1)", "write", ["t"]),
        ("duckdb", "INSERT INTO t BY POSITION VALUES (1, 2)", "write", ["t"]),
        ("postgres", "INSERT INTO t OVERRIDING SYSTEM VALUE SELECT * FROM s", "write", ["t", "s"]),
        ("snowflake", "DESC USER erika", "read", ["erika"]),
        ("snowflake", "UNSET a", "read", []),
        ("tsql", "INSERT TOP (5) INTO t SELECT * FROM s", "write", ["t", "s"]),
        ("mysql", "SELECT HIGH_PRIORITY DISTINCTROW a FROM t", "read", ["t"]),
        ("sqlite", "CREATE TABLE t (a ANY, b TEXT) STRICT, WITHOUT ROWID", "ddl", ["t"]),
        ("postgres", "ALTER TABLE t VALIDATE CONSTRAINT c", "ddl", ["t"]),
        ("postgres", "CREATE TEMP TABLE t ON COMMIT DROP AS SELECT a FROM s", "ddl", ["t", "s"]),
        ("postgres", "CREATE MATERIALIZED VIEW t AS SELECT a FROM s WITH NO DATA", "ddl", ["t", "s"]),
        ("mysql", "CREATE FULLTEXT INDEX f ON t (body)", "ddl", ["t"]),
        ("mysql", "CHECK TABLE t", "admin", ["t"]),
        ("tsql", "ALTER TABLE t ADD CONSTRAINT d DEFAULT (0) FOR a", "ddl", ["t"]),
        ("tsql", "INSERT INTO @t SELECT a FROM s", "write", ["s"]),
        ("clickhouse", "ALTER TABLE t COMMENT COLUMN a 'x'", "ddl", ["t"]),
        ("clickhouse", "SELECT a FROM t ORDER BY a NULLS FIRST COLLATE 'en'", "read", ["t"]),
        ("bigquery", "ASSERT (SELECT count(*) FROM ds.t) > 0 AS 'x'", "read", ["ds.t"]),
        ("bigquery", "SELECT * FROM ML.EVALUATE(MODEL ds.m)", "read", []),
        ("bigquery", "SELECT * FROM APPENDS(TABLE ds.t, NULL, NULL)", "read", ["ds.t"]),
    ],
)
def test_they_are_read_as_what_they_are(dialect: str, text: str, access: str, tables: list[str]) -> None:
    """Access and tables are those of the plain spelling."""
    (found,) = analyse(text, "sql", dialect)

    assert (found.access.name.lower(), found.arguments["tables"]) == (access, tables)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("mysql", "UPDATE IGNORE t SET a = 1"),
        ("mysql", "DELETE QUICK FROM t"),
        ("sqlite", "UPDATE OR IGNORE t SET a = 1"),
        ("sqlite", "REPLACE INTO t SELECT load_extension('x')"),
        ("clickhouse", "INSERT INTO t FROM INFILE 'x.csv' FORMAT CSV"),
        ("clickhouse", "EXISTS (SELECT sleep(3))"),
        ("clickhouse", "INSERT INTO t SETTINGS async_insert = 1 SELECT sleep(3)"),
        ("clickhouse", "ALTER TABLE t DELETE WHERE 1 SETTINGS mutations_sync = 1"),
        ("snowflake", "INSERT OVERWRITE ALL INTO t SELECT 1"),
        ("snowflake", "DESC USER erika; DROP USER erika"),
        ("clickhouse", "CHECK TABLE t; DROP TABLE t"),
        ("clickhouse", "SELECT a FROM t LIMIT 5 BY a LIMIT (SELECT sleep(3))"),
        ("bigquery", "ASSERT EXTERNAL_QUERY('c', 'x') > 0"),
        ("tsql", "sp_executesql N'DROP TABLE t'"),
    ],
)
def test_nothing_hides_behind_them(dialect: str, text: str) -> None:
    """What they hold is judged, or the text is refused."""
    found = analyse(text, "sql", dialect)
    flags = {flag for operation in found for flag in operation.arguments["flags"]}
    kinds = {kind for operation in found for kind in operation.arguments["kinds"]}

    assert flags & {"no-where", "files", "slow", "network", "dynamic", "not-understood"} or kinds & {"drop"}


def test_other_dialects_are_left_alone() -> None:
    """A dialect without spellings of its own keeps its tokens."""
    tokens: list[object] = []

    assert respelled(tokens, "generic") is tokens
