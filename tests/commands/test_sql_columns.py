"""Tables and columns that a statement touches: nothing readable is missing."""

from __future__ import annotations

import pytest

from interlock.commands import analyse

PG, MY, TS, LITE, SNOW, BQ = "postgres", "mysql", "tsql", "sqlite", "snowflake", "bigquery"
DUCK, CLICK = "duckdb", "clickhouse"

# dialect, text, the columns exactly
COLUMNS = [
    (PG, "SELECT id, c.name FROM customers c", "customers.id customers.name"),
    (PG, "SELECT ssn FROM customers c JOIN orders o ON o.cid = c.id",
     "customers.ssn orders.ssn orders.cid customers.id"),
    (PG, "SELECT * FROM customers", "customers.*"),
    (PG, "SELECT o.* FROM orders o, customers c", "orders.*"),
    (PG, "SELECT count(*) FROM customers", ""),
    (PG, "TABLE customers", "customers.*"),
    (PG, "SELECT x.id FROM (SELECT * FROM customers) x", "customers.*"),
    (PG, "WITH x AS (SELECT ssn AS id FROM customers) SELECT id FROM x", "customers.ssn"),
    (PG, "WITH x(a) AS (SELECT ssn FROM customers) SELECT a FROM x", "customers.ssn"),
    (PG, "SELECT c FROM customers c", "customers.c customers.*"),
    (PG, "SELECT customers FROM customers", "customers.customers customers.*"),
    (PG, "SELECT row_to_json(c) FROM customers c", "customers.c customers.*"),
    (PG, "SELECT c.row_to_json FROM customers c", "customers.row_to_json customers.*"),
    (PG, "SELECT c.concat FROM customers c", "customers.concat customers.*"),
    (PG, "SELECT (c).ssn FROM customers c", "customers.c customers.*"),
    (PG, "SELECT a FROM customers AS c(a, b)", "customers.* customers.a"),
    (PG, "SELECT j.ssn FROM (customers c JOIN orders o ON true) AS j", "customers.* orders.*"),
    (PG, "SELECT 1 FROM customers NATURAL JOIN leaks", "customers.* leaks.*"),
    (PG, "SELECT 1 FROM customers JOIN leaks USING (ssn)", "customers.ssn leaks.ssn"),
    (PG, "SELECT (SELECT ssn FROM orders LIMIT 1) FROM customers", "orders.ssn customers.ssn"),
    (PG, "SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM customers c WHERE c.ssn = 'x')", "orders.id customers.ssn"),
    (PG, "SELECT 1 FROM customers GROUP BY ssn", "customers.ssn"),
    (PG, "SELECT id AS x FROM customers ORDER BY x", "customers.id"),
    (PG, "SELECT id AS ssn FROM customers GROUP BY ssn", "customers.id customers.ssn"),
    (PG, "SELECT id FROM customers ORDER BY ssn", "customers.id customers.ssn"),
    (PG, "SELECT shop.customers.ssn FROM shop.customers", "shop.customers.ssn"),
    (PG, "SELECT customers.ssn FROM shop.customers", "shop.customers.ssn"),
    (PG, "SELECT nobody.ssn FROM customers", "*.*"),
    (PG, 'SELECT "SSN" FROM customers', 'customers."SSN"'),
    (PG, "SELECT a FROM x, LATERAL (SELECT ssn FROM customers WHERE customers.id = x.id) y",
     "x.a customers.ssn x.ssn customers.id x.id"),
    (PG, "SELECT a FROM x, (SELECT ssn FROM customers) y", "x.a customers.ssn"),
    (PG, "INSERT INTO t (a) SELECT ssn FROM customers", "t.a customers.ssn"),
    (PG, "INSERT INTO t VALUES (1)", "t.*"),
    (PG, "INSERT INTO t (a) VALUES (1) RETURNING ssn", "t.a t.ssn"),
    (PG, "INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = excluded.c", "t.a t.b t.c"),
    (PG, "UPDATE t SET a = b WHERE c = 1", "t.a t.b t.c"),
    (PG, "UPDATE t SET a = c.ssn FROM customers c", "t.a customers.ssn"),
    (PG, "DELETE FROM t USING customers c WHERE c.ssn = t.x", "t.* customers.ssn t.x"),
    (PG, "COPY customers (id, ssn) TO STDOUT", "customers.id customers.ssn"),
    (PG, "COPY customers TO STDOUT", "customers.*"),
    (PG, "CREATE VIEW v AS SELECT ssn FROM customers", "v.* customers.ssn"),
    (TS, "UPDATE t SET a = 1 OUTPUT deleted.ssn WHERE b = 2", "t.a t.ssn t.b"),
    (TS, "SELECT x FROM customers UNPIVOT (x FOR k IN (ssn, email)) u",
     "customers.* customers.x customers.ssn customers.email"),
    (SNOW, "SELECT $1 FROM customers", "customers.*"),
    (SNOW, "SELECT c.$2 FROM customers c", "customers.*"),
    (SNOW, "SELECT src:ssn FROM customers", "customers.src"),
    (BQ, "SELECT address.zip, c.name.first FROM customers c", "customers.address customers.name"),
    (BQ, "SELECT i.x FROM customers c, c.items AS i", "customers.items"),
    (BQ, "SELECT ssn FROM `shop.custom*`", "shop.*.ssn"),
    (BQ, "SELECT * EXCEPT (ssn) FROM customers", "customers.ssn customers.*"),
    (DUCK, "FROM customers", "customers.*"),
    (DUCK, "SELECT #2 FROM customers", "customers.*"),
    (DUCK, "SELECT COLUMNS('s.*') FROM customers", "customers.*"),
    (DUCK, "SELECT secret.x FROM orders o, customers secret", "customers.x orders.secret customers.secret"),
    (DUCK, "SELECT a FROM x, (SELECT customers.ssn FROM customers) y", "x.a customers.ssn"),
    (CLICK, "WITH ssn AS x SELECT x FROM customers", "*.* customers.x"),
    (CLICK, "SELECT customers.ssn FROM customers AS c", "customers.ssn"),
    (LITE, "SELECT 1 WHERE 'x' IN customers", "customers.*"),
    (LITE, 'SELECT "ssn" FROM customers', "customers.ssn"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "columns"), COLUMNS)
def test_columns(dialect: str, text: str, columns: str) -> None:
    """Every column that could be meant is named once, through aliases, queries and rows as values."""
    (found,) = analyse(text, "sql", dialect)

    assert sorted(found.arguments["columns"]) == sorted(columns.split())


@pytest.mark.parametrize(
    ("dialect", "text", "reads", "writes"),
    [
        (PG, 'WITH "Customers" AS (SELECT 1) SELECT * FROM customers', "customers", ""),
        (PG, "WITH customers AS (SELECT 1) DELETE FROM customers", "", "customers"),
        (PG, "WITH customers AS (SELECT * FROM customers) SELECT * FROM customers", "customers", ""),
        (PG, "WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a", "", ""),
        (MY, "WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a", "b", ""),
        (DUCK, "WITH RECURSIVE a AS (SELECT * FROM a) SELECT * FROM a", "a", ""),
        (PG, "WITH RECURSIVE a AS (SELECT 1 UNION SELECT n + 1 FROM a) SELECT * FROM a", "", ""),
        (TS, "WITH a AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM a) SELECT * FROM a", "", ""),
        (CLICK, "WITH Orders AS (SELECT 1) SELECT * FROM orders", "orders", ""),
        (TS, "WITH c AS (SELECT TOP 1 * FROM customers) DELETE FROM c", "customers", "customers"),
        (TS, "UPDATE c SET x = 1 FROM customers c WHERE c.y = 2", "customers", "customers"),
        (TS, "UPDATE t SET a = 1 OUTPUT deleted.a INTO log WHERE b = 2", "t", "log t"),
        (MY, "DELETE c FROM customers c JOIN o ON o.i = c.i WHERE o.j = 1", "customers o", "customers"),
        (MY, "UPDATE a JOIN b ON a.i = b.i SET b.x = 1 WHERE a.y = 2", "a b", "a b"),
        (PG, "UPDATE t SET a = 1", "", "t"),
        (PG, "UPDATE t SET a = 1 WHERE b = 2", "t", "t"),
        (PG, "DELETE FROM t RETURNING *", "t", "t"),
        (PG, "INSERT INTO shop.t (a) SELECT b FROM s", "s", "shop.t"),
        (PG, "SELECT a INTO x FROM t", "t", "x"),
        (PG, "DROP TABLE a, b", "", "a b"),
    ],
)
def test_tables(dialect: str, text: str, reads: str, writes: str) -> None:
    """A name that WITH defines is no table only where that is certain; what is changed and looked at is both."""
    (found,) = analyse(text, "sql", dialect)

    assert (sorted(found.arguments["reads"]), sorted(found.arguments["writes"])) == (reads.split(), writes.split())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + ", ".join(f"c{n}" for n in range(700)) + " FROM " + ", ".join(f"t{n}" for n in range(700)),
        "SELECT " + ", ".join(f"c{n}" for n in range(2100)) + " FROM t, u",
    ],
)
def test_too_many_names_are_not_understood(text: str) -> None:
    """Columns that could belong to many tables do not multiply without end."""
    (found,) = analyse(text, "sql", PG)

    assert "too-many-names" in found.arguments["flags"]
