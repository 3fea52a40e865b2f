"""The labels of the SQL corpus, confirmed by the databases themselves."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import asyncpg
import duckdb
import pytest
from tests.corpora.sql_cases import DIALECTS, SEED, Case, cases
from tests.corpora.sql_world import world
from tests.servers.postgres import postgres

from interlock.commands import analyse

_ROLES = """
CREATE ROLE analyst; CREATE ROLE reader LOGIN; CREATE ROLE limited; CREATE SCHEMA shop; CREATE SEQUENCE counter;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; ALTER ROLE reader SET default_transaction_read_only = on;
"""
_ENDS = re.compile(r"\b(commit|rollback)\b", re.IGNORECASE)
_OBJECTS = """
SELECT c.relname || ' ' || coalesce(a.attname, '') FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE n.nspname IN ('public', 'shop') UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'
"""
_TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
_UNSEEN = (asyncpg.PostgresSyntaxError, asyncpg.UndefinedFunctionError, asyncpg.UndefinedObjectError)

type Rows = Mapping[str, frozenset[str]]


def _lost(before: Rows, after: Rows) -> bool:
    """Whether a table, column or other object is gone, or no row of a table is what it was."""
    gone = before["objects"] - after["objects"]
    emptied = [name for name, rows in before.items() if name != "objects" and len(rows) > 2 and not rows & after[name]]
    return bool(gone or emptied)


def _rights(case: Case, columns: Mapping[str, list[str]]) -> str:
    """Rights to read exactly the columns that we say a statement touches."""
    grants: dict[str, set[str]] = {}
    for operation in analyse(case.sql, "sql", case.dialect):
        for name in operation.arguments.get("tables", ()):
            grants.setdefault(name.removeprefix("public."), set())
        for name in operation.arguments.get("columns", ()):
            table, _, column = name.rpartition(".")
            assert name != "*.*", case.sql
            wanted = columns.get(table.removeprefix("public."), [])
            grants.setdefault(table.removeprefix("public."), set()).update(
                wanted if column == "*" else {column} & set(wanted)
            )
    return "; ".join(
        f"GRANT SELECT ({', '.join(sorted(found or {'id'}))}) ON {table} TO limited"
        for table, found in grants.items()
        if table in columns
    )


async def _tried(connection: Any, *texts: str) -> Exception | None:
    """The error of the first text that fails, everything undone."""
    try:
        for text in texts:
            await connection.execute(text)
    except asyncpg.PostgresError as error:
        return error
    finally:
        await connection.execute("ROLLBACK")
    return None


@pytest.fixture(scope="module")
def socket() -> Iterator[str]:
    """A PostgreSQL with the tables that the statements are about."""
    with postgres() as folder:
        yield folder


async def _connected(socket: str, user: str = "postgres", database: str = "postgres") -> Any:
    return await asyncpg.connect(host=socket, user=user, database=database, statement_cache_size=0)


async def _filled(socket: str) -> Any:
    connection = await _connected(socket)
    if not await connection.fetchval("SELECT count(*) FROM pg_class WHERE relname = 'orders'"):
        await connection.execute(SEED.format(list="TEXT[]", json="JSONB") + _ROLES)
    return connection


async def test_postgres_lets_a_reader_read_exactly_the_tables(socket: str) -> None:
    """A role with the labelled tables can run what is called a read, read-only; without any one of them it cannot."""
    connection, wrong = await _filled(socket), []
    for case in cases("postgres"):
        if case.access != "read" or case.why or _ENDS.search(case.sql):
            continue
        own = sorted(name for name in case.tables or () if not name.startswith(("pg_", "information_schema")))
        start = "SET LOCAL ROLE limited; SET TRANSACTION READ ONLY"
        for left_out in [None, *own]:
            grants = "".join(f"; GRANT SELECT ON {name} TO limited" for name in own if name != left_out)
            error = await _tried(connection, "BEGIN" + grants, start, case.sql)
            if (error is None) is not (left_out is None):
                wrong.append((case.sql, left_out, error))
    await connection.close()

    assert wrong == []


async def test_postgres_needs_no_column_that_is_not_named(socket: str) -> None:
    """A role with rights on nothing but the columns we name can run every read: none is missing."""
    connection, wrong = await _filled(socket), []
    found = await connection.fetch("SELECT table_name, column_name FROM information_schema.columns")
    columns: dict[str, list[str]] = {}
    for table, column in found:
        columns.setdefault(table, []).append(column)
    own = {name: names for name, names in columns.items() if not name.startswith("pg_") and "id" in names}
    for case in cases("postgres"):
        if case.access == "read" and not case.why and not _ENDS.search(case.sql):
            grants = _rights(case, own)
            error = await _tried(connection, "BEGIN", grants or "SELECT", "SET LOCAL ROLE limited", case.sql)
            wrong += [(case.sql, grants, error)] if error else []
    await connection.close()

    assert wrong == []


async def test_postgres_refuses_a_reader_the_rest(socket: str) -> None:
    """What is called more than a read fails for a role that may only read, or its label says why it was given."""
    await (await _filled(socket)).close()
    connection, wrong = await _connected(socket, "reader"), []
    for case in cases("postgres"):
        if case.access == "read" or case.why:
            continue
        error = await _tried(connection, case.sql)
        if error is None or isinstance(error, _UNSEEN):
            wrong.append((case.sql, error))
    await connection.close()

    assert wrong == []


async def _rows(connection: Any, first: Rows | None = None) -> Rows:
    """All objects, and all rows by the columns there were at first."""
    found = {"objects": frozenset(row[0] for row in await connection.fetch(_OBJECTS))}
    wanted = found["objects"] if first is None else first["objects"] & found["objects"]
    for (table,) in await connection.fetch(_TABLES):
        columns = ", ".join(
            sorted(name.split()[1] for name in wanted if name.startswith(f"{table} ") and name[-1] != " ")
        )
        rows = await connection.fetch(f"SELECT ROW({columns})::text FROM {table}")
        found[table] = frozenset(row[0] for row in rows)
    return {name: found.get(name, frozenset()) for name in first or found}


async def test_postgres_loses_what_is_called_dangerous(socket: str) -> None:
    """Run by its owner, a dangerous change empties or removes something, a benign statement does not."""
    connection, wrong = await _filled(socket), []
    before = await _rows(connection)
    for case in cases("postgres"):
        if case.why or case.access == "admin":
            continue
        text = re.sub(r"\b(BEGIN( READ ONLY)?|COMMIT)\b;?", "", case.sql)
        await connection.execute("BEGIN")
        try:
            await connection.execute(text)
            after = await _rows(connection, before)
        except asyncpg.PostgresError as error:
            wrong.append((case.sql, error))
            continue
        finally:
            await connection.execute("ROLLBACK")
        if _lost(before, after) is not case.dangerous:
            wrong.append((case.sql, "lost nothing" if case.dangerous else "lost something"))
    await connection.close()

    assert wrong == []


async def test_a_database_that_has_all_they_name_does_what_labels_say(socket: str) -> None:
    """Reads are open to an onlooker and change nothing, the rest is refused to them; what is dangerous loses something.

    Statements of any dialect that PostgreSQL understands as they are written.
    """
    seen = [case for dialect in DIALECTS for case in cases(dialect) if case.why == "seen"]
    wrong = []
    async with world(socket) as found:
        for case in seen:
            did = await found.run(case.sql)
            if did is None or did.reads is not (case.access == "read") or did.lost is not case.dangerous:
                wrong.append((case.sql, did))

    assert len(seen) > 600
    assert wrong == []


_SEEING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
_SEEING |= {sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_PRAGMA}
_DENIED = {sqlite3.SQLITE_ATTACH}


def _lite() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript(SEED.format(list="TEXT", json="TEXT"))
    return connection


def _run_lite(connection: sqlite3.Connection, sql: str) -> None:
    for part in re.split(r";(?=\s*[A-Za-z])", sql):
        connection.execute(part, [None] * part.count("?")).fetchall()


def _lite_rows(connection: sqlite3.Connection, first: Rows | None = None) -> Rows:
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")]
    tables = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}
    objects = frozenset([*names, *(f"{name} {column}" for name in tables for column in tables[name])])
    found = {"objects": objects}
    for name, columns in tables.items():
        wanted = [column for column in columns if first is None or f"{name} {column}" in first["objects"]]
        if wanted:
            rows = connection.execute(f"SELECT {', '.join(wanted)} FROM {name}")
            found[name] = frozenset(str(row) for row in rows)
    return {name: found.get(name, frozenset()) for name in first or found}


def test_sqlite_sees_the_same() -> None:
    """Its authorizer asks for no column that we do not name and, for reads, for nothing but reading."""
    wrong: list[tuple[str, object]] = []
    for case in cases("sqlite"):
        if case.why or case.access == "admin":
            continue
        connection, asked = _lite(), set[tuple[int, object, object]]()

        def authorize(action: int, one: object, two: object, *rest: object, asked: Any = asked) -> int:
            if not (str(one).startswith(("json_each", "sqlite_master")) or two == "json_each"):
                asked.add((action, one, two))
            return sqlite3.SQLITE_DENY if action in _DENIED else sqlite3.SQLITE_OK

        before = _lite_rows(connection)
        connection.set_authorizer(authorize)
        _run_lite(connection, case.sql)
        connection.set_authorizer(None)
        if _lost(before, _lite_rows(connection, before)) is not case.dangerous:
            wrong.append((case.sql, "lost"))
        if ({action for action, _, _ in asked} <= _SEEING) is not (case.access == "read"):
            wrong.append((case.sql, "access"))
        named = {
            name for operation in analyse(case.sql, "sql", "sqlite") for name in operation.arguments.get("columns", ())
        }
        read = {(table, column) for action, table, column in asked if action == sqlite3.SQLITE_READ and column}
        for table, column in read:
            if table in before and case.access == "read" and not named & {f"{table}.{column}", f"{table}.*".lower()}:
                wrong.append((case.sql, f"{table}.{column}"))

    assert wrong == []


def test_duckdb_sees_the_same() -> None:
    """It names the same tables, changes nothing for a read, and loses what is called dangerous."""
    wrong: list[tuple[str, object]] = []
    for case in cases("duckdb"):
        if case.why or case.access == "admin":
            continue
        connection = duckdb.connect(":memory:", config={"enable_external_access": "false"})
        connection.execute(SEED.format(list="TEXT[]", json="JSON") + "CREATE SCHEMA shop")
        before = _duck_rows(connection)
        try:
            if case.access == "read" and case.tables and "." not in "".join(case.tables):
                named = connection.get_table_names(case.sql)
                wrong += [(case.sql, named)] if named and named != case.tables else []
            connection.execute(case.sql)
        except duckdb.Error as error:
            wrong.append((case.sql, error))
            continue
        after = _duck_rows(connection, before)
        if _lost(before, after) is not case.dangerous or (case.access == "read" and before != after):
            wrong.append((case.sql, "lost"))

    assert wrong == []


def _duck_rows(connection: Any, first: Rows | None = None) -> Rows:
    query = "SELECT table_name || ' ' || column_name FROM duckdb_columns() WHERE NOT internal UNION ALL "
    objects = connection.execute(query + "SELECT schema_name FROM duckdb_schemas() WHERE NOT internal").fetchall()
    found = {"objects": frozenset(row[0] for row in objects)}
    wanted = found["objects"] if first is None else first["objects"] & found["objects"]
    for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        columns = ", ".join(sorted(f'"{name.split()[1]}"' for name in wanted if name.startswith(f"{table} ")))
        rows = connection.execute(f"SELECT {columns} FROM {table}").fetchall() if columns else []
        found[table] = frozenset(map(str, rows))
    return {name: found.get(name, frozenset()) for name in first or found}
