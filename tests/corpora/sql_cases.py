"""SQL statements of our own, labelled: `sql/<dialect>.jsonl`, one statement a line.

`access` is what the statement does at most, `dangerous` whether the pack sql-destructive has to stop it, `tables`
what it touches (left out where the label says nothing). PostgreSQL, SQLite and DuckDB confirm the labels of their
dialects by running the statements (`test_sql_labels.py`); a case with `why` is labelled by reading, because what is
wrong with it does not show in a database (a file, another server, a session, time). T-SQL, MySQL, Snowflake, BigQuery,
ClickHouse and generic are labelled by reading; so are those of `sql/challenge*.jsonl`, which say their `dialect`:
somebody wrote them who had seen neither these nor the code that judges them. Where `why` is `seen`, a PostgreSQL in
which the statement finds all that it names does what the label says, whatever its dialect (`sql_world.py`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["DIALECTS", "SEED", "Case", "cases"]

_FOLDER = Path(__file__).parent / "sql"
_CHALLENGES = sorted(_FOLDER.glob("challenge*.jsonl"))
DIALECTS = tuple(sorted(path.stem for path in set(_FOLDER.glob("*.jsonl")).difference(_CHALLENGES)))

SEED = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, ssn TEXT, phone TEXT, country TEXT, city TEXT,
    status TEXT, vip BOOLEAN, tags {list}, address {json}, created_at TIMESTAMP, updated_at TIMESTAMP,
    deleted_at TIMESTAMP, parent_id INTEGER);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, total NUMERIC(12, 2), status TEXT, note TEXT,
    created_at TIMESTAMP, shipped_at TIMESTAMP);
CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, price NUMERIC(12, 2), category TEXT, stock INTEGER);
CREATE TABLE order_items (id INTEGER PRIMARY KEY, order_id INTEGER, product_id INTEGER, quantity INTEGER,
    price NUMERIC(12, 2));
CREATE TABLE employees (id INTEGER PRIMARY KEY, name TEXT, manager_id INTEGER, salary INTEGER, dept TEXT);
CREATE TABLE events (id INTEGER PRIMARY KEY, user_id INTEGER, kind TEXT, payload {json}, "at" TIMESTAMP);
CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER, expires_at TIMESTAMP);
CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER, amount NUMERIC(12, 2));
CREATE TABLE logs (id INTEGER PRIMARY KEY, level TEXT, message TEXT, "at" TIMESTAMP);
CREATE VIEW customer_names AS SELECT id, name FROM customers;
CREATE INDEX orders_total ON orders (total);
INSERT INTO customers (id, name, email, country, city, created_at) VALUES
    (1, 'Erika', 'erika@example.com', 'DE', 'Berlin', '2026-01-01'), (2, 'Max', 'max@example.com', 'FR', 'Paris',
    '2026-01-02'), (3, 'Kim', 'kim@example.com', 'DE', 'Bonn', '2026-01-03');
INSERT INTO orders (id, customer_id, total, status, created_at) VALUES (1, 1, 10.5, 'open', '2026-01-01'),
    (2, 1, 20, 'paid', '2026-01-02'), (3, 2, 30, 'paid', '2026-01-03');
INSERT INTO products (id, name, price, category, stock) VALUES (1, 'Pen', 1, 'office', 5), (2, 'Ink', 2, 'office', 6),
    (3, 'Cup', 3, 'home', 7);
INSERT INTO employees (id, name, manager_id, salary, dept) VALUES (1, 'A', NULL, 3, 'x'), (2, 'B', 1, 2, 'x'),
    (3, 'C', 2, 1, 'y');
INSERT INTO events (id, user_id, kind, payload, "at") VALUES (1, 1, 'view',
    '{{"page": "a", "items": [{{"sku": "x"}}]}}',
    '2026-01-01');
INSERT INTO sessions (id, user_id, expires_at) VALUES (1, 1, '2030-01-01'), (2, 2, '2030-01-01'), (3, 3, '2030-01-01');
INSERT INTO logs (id, level, message) VALUES (1, 'info', 'a'), (2, 'info', 'b'), (3, 'info', 'c');
"""
"""What the statements are about, with places for a dialect's list and JSON types."""


@dataclass(frozen=True, slots=True)
class Case:
    """One statement and its labels."""

    dialect: str
    sql: str
    access: str
    dangerous: bool
    tables: frozenset[str] | None
    why: str


@cache
def cases(dialect: str) -> tuple[Case, ...]:
    """The cases of one dialect."""
    found = []
    lines = [path.read_text(encoding="utf-8").split("\n") for path in (_FOLDER / f"{dialect}.jsonl", *_CHALLENGES)]
    for row in (json.loads(line) for part in lines for line in part if line):
        if row.get("dialect", dialect) != dialect:
            continue
        tables = frozenset(row["tables"]) if "tables" in row else None
        found.append(Case(dialect, row["sql"], row["access"], row["dangerous"], tables, row.get("why", "")))
    return tuple(found)
