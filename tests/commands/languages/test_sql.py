"""SQL text: dangerous statements in disguise, and the everyday statements that look like them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.commands import analyse
from interlock.model import Access

PG, MY, TS, LITE, SNOW, BQ = "postgres", "mysql", "tsql", "sqlite", "snowflake", "bigquery"
DUCK, CLICK = "duckdb", "clickhouse"

# dialect, text, the worst action, flags that must be there
ROWS = [
    # everyday reading
    (PG, "SELECT 1", "read", ""),
    (PG, "select * from orders o join customers c on c.id = o.customer_id where c.country = 'DE'", "read", ""),
    (
        PG,
        "SELECT country, count(*), sum(total) FROM orders GROUP BY 1 HAVING count(*) > 3 ORDER BY 2 DESC LIMIT 5",
        "read",
        "",
    ),
    (
        PG,
        "SELECT id, row_number() OVER (PARTITION BY c ORDER BY d), lag(x) OVER w FROM t WINDOW w AS (ORDER BY d)",
        "read",
        "",
    ),
    (PG, "WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) SELECT * FROM b", "read", ""),
    (PG, "SELECT date_trunc('month', created), now() - interval '7 days', extract(year from d) FROM t", "read", ""),
    (PG, "SELECT data->>'name', jsonb_array_length(data->'items'), data #>> '{a,b}' FROM t", "read", ""),
    (PG, "SELECT 'it''s; DROP TABLE t; --' AS note", "read", ""),
    (PG, "SELECT 'DELETE FROM t' AS text, \"drop\" FROM t", "read", ""),
    (PG, "SELECT $$DROP TABLE x$$", "read", ""),
    (PG, "-- DROP TABLE t\nSELECT 1 /* DELETE FROM t */", "read", ""),
    (PG, "SELECT a FROM t UNION ALL SELECT b FROM s EXCEPT SELECT c FROM u", "read", ""),
    (PG, "SELECT * FROM t WHERE id IN (SELECT id FROM s WHERE deleted_at IS NULL) AND updated > now()", "read", ""),
    (PG, "SELECT CASE WHEN a > 1 THEN 'x' ELSE coalesce(b, 'y') END, x::date, lower(trim(n)) FROM t", "read", ""),
    (PG, "SELECT * FROM generate_series(1, 3) g(x) CROSS JOIN LATERAL unnest(array[1,2]) u", "read", ""),
    (PG, "EXPLAIN SELECT * FROM t", "read", ""),
    (PG, "EXPLAIN DELETE FROM t", "read", ""),
    (PG, "EXPLAIN (ANALYZE false, FORMAT json) DELETE FROM t", "read", ""),
    (PG, "COPY (SELECT * FROM t) TO STDOUT WITH CSV HEADER", "read", ""),
    (PG, "VALUES (1, 'a'), (2, 'b')", "read", ""),
    (PG, "BEGIN; SELECT 1; COMMIT", "read", "multi-statement"),
    (PG, "SHOW server_version", "read", ""),
    (PG, "select count(*) filter (where x) , percentile_cont(0.5) within group (order by x) from t", "read", ""),
    (MY, "SHOW TABLES", "read", ""),
    (TS, "SHOW x DROP TABLE t", "admin", "not-understood"),
    (MY, "DESCRIBE orders", "read", ""),
    (MY, "SELECT DATE_FORMAT(d, '%Y'), GROUP_CONCAT(x), IFNULL(a, 0) FROM `t` # DROP", "read", ""),
    (MY, "SELECT 'a\\'; DROP TABLE t; -- '", "read", ""),
    (MY, "SELECT JSON_EXTRACT(a, '$.b'), @@version FROM t LIMIT 5, 10", "read", ""),
    (TS, "SELECT TOP 5 [name] FROM [dbo].[t] WITH (NOLOCK) WHERE d > DATEADD(day, -7, GETDATE())", "read", ""),
    (TS, "SELECT 'EXEC xp_cmdshell' AS x, [delete] FROM t", "read", ""),
    (LITE, "PRAGMA table_info(orders)", "read", ""),
    (LITE, "SELECT strftime('%Y', d), json_extract(a, '$.b') FROM t", "read", ""),
    (LITE, "EXPLAIN QUERY PLAN SELECT * FROM t", "read", ""),
    (SNOW, "SELECT a:b.c::int FROM t QUALIFY row_number() OVER (ORDER BY a) = 1 // DROP", "read", ""),
    (
        BQ,
        "SELECT * EXCEPT(a), SAFE.SUBSTR(b, 1) FROM `p.d.t` WHERE d > DATE_SUB(CURRENT_DATE(), INTERVAL 7 DAY)",
        "read",
        "",
    ),
    (BQ, "SELECT r'\\'; DROP TABLE x; --', STRUCT(1 AS a) FROM UNNEST([1, 2]) AS n", "read", ""),
    ("", "SELECT a, count(*) FROM t JOIN s USING (id) WHERE a = 'x' GROUP BY a ORDER BY 2 DESC LIMIT 5", "read", ""),
    # writing
    (PG, "INSERT INTO t (a) VALUES (1) RETURNING id", "write", ""),
    (PG, "INSERT INTO t SELECT * FROM s ON CONFLICT (id) DO UPDATE SET a = 1", "write", ""),
    (PG, "UPDATE t SET a = 1 WHERE id = 3", "write", ""),
    (PG, "UPDATE t SET a = 1", "write", "no-where"),
    (PG, "DELETE FROM t WHERE id = 3", "write", ""),
    (PG, "DELETE FROM t", "write", "no-where"),
    (PG, "DELETE FROM t WHERE 1=1", "write", "no-where"),
    (PG, "DELETE FROM t WHERE id = 1 OR 'a' = 'a'", "write", "no-where"),
    (PG, "DELETE FROM t WHERE NOT false", "write", "no-where"),
    (PG, "DELETE FROM t WHERE (2 > 1) AND true", "write", "no-where"),
    (PG, "DELETE FROM t WHERE id = id", "write", "no-where"),
    (PG, "DeLeTe/**/FrOm/* x */t", "write", "no-where"),
    (PG, "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone", "write", "no-where"),
    (PG, "EXPLAIN ANALYZE DELETE FROM t", "write", "no-where"),
    (PG, "EXPLAIN (VERBOSE, ANALYZE) UPDATE t SET a = 1 WHERE b = 2", "write", ""),
    (PG, "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", "write", ""),
    (PG, "SELECT * FROM t FOR UPDATE", "write", "locks"),
    (PG, "COPY t FROM STDIN", "write", ""),
    (MY, "REPLACE INTO t VALUES (1)", "write", ""),
    (MY, "DELETE a FROM a JOIN b ON a.id = b.id WHERE b.x = 1", "write", ""),
    (MY, "EXPLAIN ANALYZE DELETE FROM t WHERE a = 1", "write", ""),
    (MY, "DELETE FROM t WHERE 1", "write", "no-where"),
    (MY, "DELETE FROM t /*!99999 WHERE id = 1 */", "write", "no-where"),
    (LITE, "INSERT OR REPLACE INTO t VALUES (1)", "write", ""),
    # structure
    (PG, "DROP TABLE t", "ddl", ""),
    (PG, "drop\ttable\nif exists t cascade", "ddl", ""),
    (PG, "DROP/*x*/TABLE t", "ddl", ""),
    (PG, "SELECT 1; DROP TABLE t", "ddl", "multi-statement"),
    (PG, "SELECT 1 --\rDROP\r\n;DROP TABLE t", "admin", "not-understood"),
    (PG, "TRUNCATE t", "ddl", ""),
    (PG, "ALTER TABLE t ADD COLUMN c int", "ddl", ""),
    (PG, "SELECT * INTO x FROM t", "ddl", ""),
    (PG, "CREATE TABLE x AS SELECT * FROM t", "ddl", ""),
    (PG, "SELECT 1 /* /* */ ; DROP TABLE t; */ */ ; DROP TABLE t -- */", "admin", "not-understood"),
    (PG, "SELECT '\\'; DROP TABLE t; --'", "ddl", "multi-statement"),
    (PG, "SELECT E'\\''; DROP TABLE t; --'", "ddl", "multi-statement"),
    (MY, "SELECT 1 /*! ; DROP TABLE t */", "ddl", "multi-statement"),
    (MY, "SELECT 1 /*!50000 ; DROP TABLE t */", "ddl", "multi-statement"),
    (MY, "SELECT 1 /*M!100100 ; DROP TABLE t */", "ddl", "multi-statement"),
    (MY, "/*!DROP*/ /*!TABLE*/ t", "ddl", ""),
    (MY, "SELECT 5--1; DROP TABLE t", "ddl", "multi-statement"),
    ("", "SELECT 'a\\'; DROP TABLE x; -- '", "ddl", "multi-statement"),
    ("", "SELECT 1 /*!; DROP TABLE x */", "ddl", "multi-statement"),
    # administration, files, other machines, dynamic SQL
    (PG, "GRANT ALL ON t TO analyst", "admin", ""),
    (PG, "SET ROLE dba", "admin", "session"),
    (PG, "RESET ROLE", "admin", "session"),
    (PG, "SELECT set_config('role', 'dba', false)", "admin", "session"),
    (PG, "COPY t TO PROGRAM 'sh'", "admin", "files"),
    (PG, "COPY t TO '/etc/x'", "admin", "files"),
    (PG, 'COPY t TO "stdout"', "admin", "files"),
    (PG, "COPY (DELETE FROM t RETURNING *) TO STDOUT", "admin", "not-understood"),
    (PG, "DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$", "admin", "dynamic"),
    (PG, "PREPARE p AS DELETE FROM t", "admin", "dynamic"),
    (PG, "EXECUTE p", "admin", "dynamic"),
    (PG, "CALL wipe()", "admin", "opaque"),
    (PG, "CREATE FUNCTION f() RETURNS int AS 'x' LANGUAGE sql", "admin", "code"),
    (PG, "SELECT pg_read_file('/etc/passwd')", "admin", "files"),
    (PG, "SELECT pg_catalog.pg_read_file('/etc/passwd')", "admin", "files"),
    (PG, "SELECT \"pg_read_file\"('/etc/passwd')", "admin", "files"),
    (PG, "SELECT * FROM dblink('host=x', 'drop table t') AS t(a int)", "admin", "network"),
    (PG, "SELECT pg_terminate_backend(1)", "admin", "session"),
    (PG, "SELECT lo_export(1, '/tmp/x')", "admin", "files"),
    (PG, "SELECT pg_sleep(100)", "admin", "slow"),
    (PG, "SELECT wipe_everything()", "admin", "unknown-function"),
    (PG, "SELECT evil.lower('x')", "admin", "unknown-function"),
    (PG, "SELECT query_to_xml('delete from t', true, true, '')", "admin", "dynamic"),
    (PG, "EXPLAIN SELECT wipe_everything()", "admin", "unknown-function"),
    (PG, "\\! rm -rf /", "admin", "not-understood"),
    (PG, "SELECT 1\x00; DROP TABLE t", "admin", "not-understood"),
    (PG, 'SELECT U&"d\\0061ta" FROM t', "admin", "not-understood"),
    (PG, "LOCK TABLE t", "admin", "session"),
    (PG, "VACUUM FULL", "admin", ""),
    (MY, "SELECT 1 INTO OUTFILE '/tmp/x'", "admin", "not-understood"),
    (MY, "SELECT load_file('/etc/passwd')", "admin", "files"),
    (MY, "SELECT sleep(5)", "admin", "slow"),
    (MY, "SET GLOBAL general_log = 1", "admin", "session"),
    (MY, "LOAD DATA INFILE 'x' INTO TABLE t", "admin", "not-understood"),
    (MY, "SELECT 1 -- \r; DROP TABLE t", "admin", "not-understood"),
    (TS, "EXEC xp_cmdshell 'dir'", "admin", "dynamic"),
    (TS, "EXEC('DROP TABLE t')", "admin", "dynamic"),
    (TS, "xp_cmdshell 'dir'", "admin", "dynamic"),
    (TS, "SELECT 1 DELETE FROM t", "write", "no-where"),
    (TS, "SELECT * FROM t SHUTDOWN", "admin", "statement-without-separator"),
    (TS, "SELECT a FROM t ORDER BY a DROP TABLE t", "ddl", "multi-statement"),
    (TS, "IF 1 = 1 DROP TABLE t", "ddl", "multi-statement"),
    (TS, "SELECT * FROM OPENROWSET('SQLNCLI', 'x', 'select 1')", "admin", "network"),
    (LITE, "ATTACH 'x.db' AS y", "admin", "files"),
    (LITE, "PRAGMA writable_schema = 1", "admin", "session"),
    (LITE, "SELECT load_extension('x')", "admin", "files"),
    (LITE, "VACUUM INTO 'x.db'", "admin", "files"),
    (SNOW, "COPY INTO @stage FROM t", "admin", "files"),
    (SNOW, "USE ROLE accountadmin", "admin", "session"),
    (SNOW, "SELECT * FROM @stage", "admin", "files"),
    (SNOW, "EXECUTE IMMEDIATE 'drop table t'", "admin", "dynamic"),
    (BQ, "EXPORT DATA OPTIONS(uri='gs://x') AS SELECT 1", "admin", "files"),
    (BQ, "EXECUTE IMMEDIATE 'drop table t'", "admin", "dynamic"),
    (BQ, "SELECT '''a''' ; DROP TABLE t --'''", "ddl", "multi-statement"),
    (DUCK, "FROM t SELECT list_transform(l, x -> x + 1), #1, {'a': 1} WHERE a = 1 ORDER BY ALL", "read", ""),
    (DUCK, "SELECT * EXCLUDE (a) REPLACE (b + 1 AS b) FROM t USING SAMPLE 10%", "read", ""),
    (DUCK, "SELECT * FROM 'orders.parquet'", "admin", "files"),
    (DUCK, "SELECT * FROM data.csv", "admin", "files"),
    (DUCK, "SELECT * FROM read_csv('x')", "admin", "files"),
    (DUCK, "SELECT * FROM glob('/etc/*')", "admin", "files"),
    (DUCK, "COPY t TO 'x.csv'", "admin", "files"),
    (DUCK, "ATTACH 'x.db' AS y", "admin", "files"),
    (DUCK, "INSTALL httpfs", "admin", "files"),
    (DUCK, "LOAD httpfs", "admin", "files"),
    (DUCK, "EXPORT DATABASE 'x'", "admin", "files"),
    (DUCK, "SET enable_external_access = true", "admin", "session"),
    (DUCK, "PRAGMA enable_profiling", "admin", "session"),
    (DUCK, "SELECT * FROM query('DROP TABLE t')", "admin", "dynamic"),
    (DUCK, "SELECT * FROM postgres_scan('host=x', 'public', 't')", "admin", "network"),
    (DUCK, "SELECT 1 /* /* */ ; DROP TABLE t; */", "read", ""),
    (CLICK, "SELECT sumIf(a, b > 1), toStartOfMonth(d) AS m FROM t FINAL PREWHERE a = 1 GROUP BY m", "read", ""),
    (CLICK, "SELECT quantile(0.9)(x), topK(3)(y) FROM t GROUP BY z SETTINGS max_threads = 2", "read", ""),
    (CLICK, "SELECT * FROM url('http://x', 'CSV')", "admin", "network"),
    (CLICK, "SELECT * FROM s3('https://x')", "admin", "network"),
    (CLICK, "SELECT * FROM remote('h', 'd', 't')", "admin", "network"),
    (CLICK, "SELECT * FROM file('x')", "admin", "files"),
    (CLICK, "SELECT * FROM executable('x', 'CSV', 'a Int')", "admin", "files"),
    (CLICK, "INSERT INTO FUNCTION file('x') SELECT 1", "admin", "files"),
    (CLICK, "SELECT 1 INTO OUTFILE 'x'", "admin", "files"),
    (CLICK, "SELECT dictGet(concat('d', name), 'x', 1) FROM t", "admin", "unknown-function"),
    (CLICK, "SYSTEM SHUTDOWN", "admin", "session"),
    (CLICK, "KILL QUERY WHERE 1", "admin", "session"),
    (CLICK, "ALTER TABLE t DELETE WHERE 1", "ddl", "no-where"),
    (CLICK, "RENAME TABLE a TO b", "admin", "opaque"),
    (CLICK, "SELECT 1 #x\n, 2", "admin", "not-understood"),
    (CLICK, "SELECT 1 # x\n, 2", "read", ""),
    ("", "SELECT a::date, count(*) FROM t GROUP BY 1", "read", ""),
    ("", 'SELECT `a` FROM `t` WHERE b = "x"', "read", ""),
    ("", "SELECT '''a'''''' x' ''' ; DROP TABLE t -- '''", "admin", "not-understood"),
    ("klingon", "SELECT 1", "read", ""),
    ("klingon", "SELECT 'a\\'; DROP TABLE x; -- '", "ddl", "multi-statement"),
    (PG, "", "admin", "not-understood"),
    (PG, "SELEC 1 FRM x", "admin", "not-understood"),
]


@pytest.mark.parametrize(("dialect", "text", "action", "flags"), ROWS)
def test_worst_action_and_flags(dialect: str, text: str, action: str, flags: str) -> None:
    """A text is as dangerous as its worst statement in its worst reading, and says why."""
    found = analyse(text, "sql", dialect)

    worst = max(found, key=lambda operation: operation.access)
    said = {flag for operation in found for flag in operation.arguments["flags"]}
    assert (worst.action, set(flags.split()) - said) == (action, set()), found


@pytest.mark.parametrize(
    ("text", "member", "expected"),
    [
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a", "tables", ["a"]),
        ("WITH x AS (SELECT 1) SELECT * FROM x", "tables", []),
        ("SELECT * FROM (WITH x AS (SELECT 1) SELECT * FROM x) q JOIN x ON true", "reads", ["x"]),
        ("INSERT INTO a SELECT * FROM B.c", "writes", ["a"]),
        ("INSERT INTO a SELECT * FROM B.c", "reads", ["b.c"]),
        ('SELECT "Name", t.AGE FROM t', "columns", ['t."Name"', "t.age"]),
        ("DROP TABLE a, b", "writes", ["a", "b"]),
        ("DROP TABLE a", "kinds", ["drop"]),
        ("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", "kinds", ["select", "delete"]),
        ("CREATE ROLE x", "kinds", ["create"]),
    ],
)
def test_arguments_name_what_is_touched(text: str, member: str, expected: list[str]) -> None:
    """Tables, columns and kinds are what the statement touches, without names a CTE defines."""
    (found,) = analyse(text, "sql", "postgres")

    assert found.arguments[member] == expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "(" * 5000 + "1" + ")" * 5000,
        "SELECT " + "array[" * 60 + "1" + "]" * 60,
        "SELECT " + "not " * 20_000 + "1",
        "SELECT 1 IN (" + "1," * 100_000 + "1)",
        "SELECT " + "x" * 1_000_000,
        "SELECT '\ud800'",
        "SELECT 1 /*" * 5000,
        "SELECT '" + "a" * 1000,
        "SELECT $a$ $b$",
        "SELECT a\u00a0FROM t",
        "ſelect 1",
        "\x00",
        "SELECT 1;" * 600,
        "SELECT 1" + " OR 1" * 6000,
        "SELECT '" + "a''" * 20_000,
        "SELECT " + "CASE WHEN a THEN " * 3000 + "1",
        "SELECT " + "- " * 10_000 + "1",
        "SELECT a FROM t0" + "".join(f" JOIN t{n} ON t{n}.a = b" for n in range(1500)),
    ],
)
def test_hostile_text_is_not_understood(text: str) -> None:
    """Text that is too big, too deep, unterminated or odd is of access UNKNOWN, and nothing is raised."""
    found = analyse(text, "sql", "postgres")

    assert max(operation.access for operation in found) is Access.UNKNOWN


_PIECES = st.sampled_from(
    [
        "SELECT ",
        "1",
        " FROM t",
        "'",
        '"',
        "`",
        "--",
        "/*",
        "*/",
        "/*!",
        ";",
        "\n",
        "\r",
        "(",
        ")",
        "$$",
        "\\",
        "DROP TABLE t",
    ]
)


@settings(max_examples=80, deadline=None)
@given(
    st.text(max_size=60) | st.lists(_PIECES, max_size=14).map("".join), st.sampled_from([PG, MY, TS, LITE, SNOW, BQ])
)
def test_any_text_gives_an_operation(text: str, dialect: str) -> None:
    """Whatever the text, there is an operation and never an exception."""
    found = analyse(text, "sql", dialect)

    assert found
    assert all(operation.protocol == "sql" for operation in found)


def test_parser_logs_no_statement(caplog: pytest.LogCaptureFixture) -> None:
    """The parser's own warnings, which quote the statement, are switched off."""
    analyse("LOCK TABLE canary_table_name", "sql", "postgres")

    assert "canary" not in caplog.text


def test_names_of_thousands_of_parts_are_not_understood() -> None:
    """A parser takes the square of their number."""
    found = analyse("select * from a" + ".a" * 3000, "sql", "bigquery")

    assert "too-complex" in str(found[0].arguments["flags"])
