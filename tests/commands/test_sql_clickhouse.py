"""Spellings of ClickHouse."""

from __future__ import annotations

import pytest
from sqlglot import tokenize

from interlock.commands.sql_clickhouse import clickhouse
from interlock.commands.sql_tokens import words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EXISTS TABLE t", "describe t"),
        ("CHECK TABLE t", "describe t"),
        ("EXISTS (SELECT 1)", "exists ( select 1 )"),
        ("INSERT INTO t FORMAT CSV 1,2", "insert into t values ( 1 )"),
        ("INSERT INTO t SETTINGS async_insert = 1 VALUES (1)", "insert into t values ( 1 )"),
        (
            "INSERT INTO t SETTINGS format_schema = 1 VALUES (1)",
            "insert into t settings format_schema = 1 values ( 1 )",
        ),
        ("SELECT a FROM t LIMIT 1 BY a LIMIT 5", "select a from t limit 1 by a"),
        ("SELECT a FROM t GROUP BY a WITH TOTALS", "select a from t group by a"),
    ],
)
def test_spellings(text: str, expected: str) -> None:
    """What comes out does at least as much; what is not certain stays as it is."""
    chunk = tokenize(text, read="clickhouse")

    assert " ".join(words_of(clickhouse(chunk, words_of(chunk)))) == expected
