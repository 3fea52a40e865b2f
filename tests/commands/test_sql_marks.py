"""What the place of a column says."""

from __future__ import annotations

import pytest
import sqlglot
from sqlglot import exp

from interlock.commands.sql_marks import is_written, names_output, targets


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("UPDATE t SET a = b WHERE c = 1", ["a"]),
        ("UPDATE t SET (a, b) = (c, d)", ["a", "b"]),
        ("INSERT INTO t (x) VALUES (1) ON CONFLICT (x) DO UPDATE SET a = t.b", ["a"]),
        ("MERGE INTO t USING s ON t.i = s.i WHEN NOT MATCHED THEN INSERT (a) VALUES (s.b)", ["a"]),
        ("SELECT a FROM t WHERE b = c", []),
    ],
)
def test_given_a_value(text: str, written: list[str]) -> None:
    """Only what stands left in SET or in a list of columns is written."""
    columns = sqlglot.parse_one(text, read="postgres").find_all(exp.Column)

    assert sorted(column.name for column in columns if is_written(column)) == written


@pytest.mark.parametrize(
    ("text", "aliases"),
    [
        ("SELECT a AS x FROM t ORDER BY x", ["x"]),
        ("SELECT a AS x FROM t ORDER BY x + 1", []),
        ("SELECT a AS x FROM t GROUP BY x", []),
        ("SELECT a AS x, row_number() OVER (ORDER BY x) FROM t", []),
        ("SELECT a FROM t UNION SELECT b FROM s ORDER BY a", ["a"]),
    ],
)
def test_aliases_in_order(text: str, aliases: list[str]) -> None:
    """A bare name in the ORDER BY of a query is its result column; anywhere else it may be a table's."""
    columns = sqlglot.parse_one(text, read="postgres").find_all(exp.Column)

    assert [column.name for column in columns if names_output(column, "postgres", {})] == aliases


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("DROP TABLE a, b", {"a", "b"}),
        ("TRUNCATE a", {"a"}),
        ("CREATE INDEX i ON t (a)", {"t"}),
        ("INSERT INTO t (a) SELECT b FROM s", {"t"}),
        ("SELECT a INTO x FROM t", {"x"}),
    ],
)
def test_targets(text: str, names: set[str]) -> None:
    """The tables that a statement changes."""
    statement = sqlglot.parse_one(text, read="postgres")
    marked = targets(statement)

    assert {table.name for table in statement.find_all(exp.Table) if id(table) in marked} == names
