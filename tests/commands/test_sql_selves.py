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
        ("postgres", "DELETE FROM orders WHERE (SELECT max(id) FROM orders) >= id"),
        (
            "postgres",
            "DELETE FROM orders WHERE id IN (SELECT o.id FROM orders o LEFT JOIN items i ON i.order_id = o.id)",
        ),
        ("postgres", "DELETE FROM orders WHERE id IN (SELECT 1 UNION ALL SELECT id FROM orders)"),
        ("postgres", "DELETE FROM orders WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.id AND 1 = 0)"),
        ("postgres", "MERGE INTO orders t USING orders s ON t.id = s.id WHEN MATCHED THEN DELETE"),
        ("mysql", "DELETE FROM orders WHERE id IN (SELECT * FROM (SELECT id FROM orders) x)"),
        ("mysql", "DELETE o FROM orders o JOIN customers c ON c.id = o.customer_id"),
        ("sqlite", "DELETE FROM orders WHERE id IN (SELECT rowid FROM orders LIMIT -1)"),
        ("tsql", "DELETE FROM Orders WHERE Id IN (SELECT TOP 100 PERCENT Id FROM Orders)"),
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
        ("postgres", "DELETE FROM orders WHERE id IN (SELECT o.id FROM orders o JOIN gone g ON g.id = o.id)"),
        ("postgres", "DELETE FROM orders WHERE id IN (SELECT id FROM orders LIMIT 10)"),
        ("postgres", "MERGE INTO orders t USING gone s ON t.id = s.id WHEN MATCHED THEN DELETE"),
        ("mysql", "DELETE a FROM t a JOIN t b ON a.email = b.email AND a.id > b.id"),
        ("mysql", "DELETE o FROM orders o JOIN (SELECT id FROM customers WHERE gone) c ON c.id = o.customer_id"),
        ("tsql", "WITH d AS (SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) n FROM U) DELETE FROM d WHERE n > 1"),
    ],
)  # fmt: skip
def test_some_rows_do_not(dialect: str, text: str) -> None:
    """What narrows the other side narrows this one."""
    assert "no-where" not in _flags(text, dialect)
