"""Texts in which no word begins or extends a statement but those of the statement itself."""

from __future__ import annotations

import pytest

from interlock.commands import analyse
from interlock.commands.sql_tame import tame_statements
from interlock.model import Access


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("SELECT a::date FROM t", 1),
        ("SELECT CASE WHEN a THEN b END FROM t", 1),
        ("SELECT replace(a, 'x', 'y') FROM t FOR UPDATE", 1),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING a", 1),
        ("INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a = 2", 1),
        ("CREATE TABLE IF NOT EXISTS t (a int REFERENCES u ON DELETE SET NULL)", 1),
        ("BEGIN; UPDATE t SET a = 1 WHERE id = 2; COMMIT", 3),
        ("EXPLAIN QUERY PLAN SELECT 1", 1),
        ("SHOW CREATE TABLE t", 1),
        ("SELECT 1 DELETE FROM t", 0),
        ("SELECT 1 INTO x", 0),
        ("INSERT INTO t VALUES (1) UPDATE u SET a = 1", 0),
        ("UPDATE t SET a = 1 SET b = 2", 0),
        ("CREATE TABLE t (a int) DROP TABLE u", 0),
        ("EXPLAIN DELETE FROM t", 0),
        ("SHOW DELETE FROM t", 0),
        ("SELECT 1; KILL 5", 0),
        ("SELECT 1 # 2", 0),
        ("", 0),
    ],
)
def test_tame_texts_hold_nothing_else(text: str, statements: int) -> None:
    """The number of statements of a tame text; none where a word could begin or extend one."""
    assert tame_statements(text) == statements


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.a", Access.WRITE),
        ("INSERT INTO t (id) VALUES (1) ON DUPLICATE KEY UPDATE a = 2", Access.WRITE),
        ("SELECT a FROM t WHERE id = 1 FOR UPDATE SKIP LOCKED", Access.WRITE),
        ("INSERT INTO t VALUES (1) UPDATE u SET a = 1", Access.UNKNOWN),
    ],
)
def test_without_a_dialect_a_tame_text_is_read_by_whom_it_fits(text: str, access: Access) -> None:
    """Where one database reads it and the others refuse it, the one counts; not where a word could begin another."""
    assert max(operation.access for operation in analyse(text, "sql")) == access
