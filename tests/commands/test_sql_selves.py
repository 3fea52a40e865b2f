"""Conditions that compare a table with itself."""

from __future__ import annotations

import pytest

from interlock.commands import analyse


def _flags(text: str, dialect: str) -> object:
    return analyse(text, "sql", dialect)[0].arguments["flags"]


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("postgres", "DELETE FROM orders WHERE id IN (SELECT id FROM orders)"),
        ("postgres", "DELETE FROM orders WHERE (id, n) IN (SELECT id, n FROM orders)"),
        ("postgres", "DELETE FROM orders WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.id)"),
        ("postgres", "DELETE FROM orders o USING orders p WHERE o.id = p.id"),
        ("postgres", "DELETE FROM orders o USING (SELECT id FROM orders) p WHERE o.id = p.id"),
        ("postgres", "WITH x AS (SELECT id FROM orders) DELETE FROM orders USING x WHERE orders.id = x.id"),
        ("postgres", "UPDATE orders SET total = 0 FROM orders p WHERE orders.id = p.id"),
        ("sqlite", "DELETE FROM orders WHERE id >= (SELECT min(id) FROM orders)"),
        ("sqlite", "DELETE FROM orders WHERE id <= (SELECT max(id) FROM orders)"),
        ("sqlite", "DELETE FROM orders WHERE id IN orders"),
        ("tsql", "WITH d AS (SELECT *, ROW_NUMBER() OVER (ORDER BY Id) rn FROM Orders) DELETE FROM d WHERE rn > 0"),
    ],
)
def test_every_row_finds_itself(dialect: str, text: str) -> None:
    """It leaves no row out."""
    assert "no-where" in _flags(text, dialect)


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("postgres", "DELETE FROM orders WHERE id IN (SELECT id FROM orders WHERE total = 0)"),
        ("postgres", "DELETE FROM orders WHERE id IN (SELECT order_id FROM payments)"),
        ("postgres", "DELETE FROM orders WHERE EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.parent_id)"),
        ("postgres", "DELETE FROM orders o USING orders p WHERE o.email = p.email AND o.id > p.id"),
        ("postgres", "DELETE FROM orders o USING gone p WHERE o.id = p.id"),
        ("postgres", "WITH x AS (SELECT id FROM t WHERE a = 0) DELETE FROM t USING x WHERE t.id = x.id"),
        ("sqlite", "DELETE FROM orders WHERE id > (SELECT min(id) FROM orders)"),
        ("sqlite", "DELETE FROM orders WHERE id >= (SELECT min(id) FROM orders WHERE total > 5)"),
        ("sqlite", "DELETE FROM orders WHERE id IN gone"),
        ("tsql", "WITH d AS (SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) n FROM U) DELETE FROM d WHERE n > 1"),
    ],
)  # fmt: skip
def test_some_rows_do_not(dialect: str, text: str) -> None:
    """What narrows the other side narrows this one."""
    assert "no-where" not in _flags(text, dialect)
