"""A PostgreSQL in which a statement finds whatever tables and columns it names, to see what it really does.

What it names and the database does not have is made on the way, with three rows that differ; then it is run by a role
that owns everything and is no superuser, and by one that may only read. Everything is undone.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
from tests.corpora.sql_cases import SEED

__all__ = ["Seen", "World", "world"]

_SETUP = """
CREATE ROLE owner LOGIN; CREATE ROLE onlooker; GRANT onlooker TO owner; CREATE DATABASE world OWNER owner;
"""
_ENDS = re.compile(
    r"\b(commit|rollback|begin|start\s+transaction|savepoint|prepare\s+transaction|copy|listen)\b", re.IGNORECASE
)
_TABLES = """
SELECT format('%I.%I', nspname, relname), array_agg(quote_ident(attname) ORDER BY attnum) FROM pg_class c
JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
WHERE relkind IN ('r', 'p', 'v', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema' GROUP BY 1
"""
_OBJECTS = """
SELECT format('%s %s', oid::regclass, relowner) FROM pg_class WHERE relkind <> 't' AND relnamespace > 16000 OR
relnamespace = 'public'::regnamespace UNION ALL SELECT nspname FROM pg_namespace UNION ALL SELECT proname FROM pg_proc
WHERE pronamespace > 16000 OR pronamespace = 'public'::regnamespace
"""
_STEPS = 14
_TYPES = ("", "INTEGER", "TEXT", "TIMESTAMP", "JSONB", "BOOLEAN")
_BY_NAME = (
    (re.compile(r"(_at|date|time|ts|day|month|_on|created|updated|expires|seen|login)\Z"), "TIMESTAMP"),
    (re.compile(r"(id|count|amount|total|price|qty|quantity|age|balance|n|x|score|salary|stock|size|year|v|num)\Z"),
     "INTEGER"),
    (re.compile(r"(active|deleted|enabled|vip|admin|flag|paid|is_\w+)\Z"), "BOOLEAN"),
    (re.compile(r"(payload|data|doc|meta|json|attrs|props|body)\Z"), "JSONB"),
)  # fmt: skip
_OTHER_TYPES = (
    asyncpg.UndefinedFunctionError, asyncpg.DatatypeMismatchError, asyncpg.InvalidTextRepresentationError,
    asyncpg.CannotCoerceError, asyncpg.InvalidDatetimeFormatError, asyncpg.AmbiguousFunctionError,
)  # fmt: skip
"""Errors that columns of another type may help against."""
_VALUES = {
    "INTEGER": "{n}", "TEXT": "'{n}'", "TIMESTAMP": "'2026-01-0{n}'", "JSONB": "'[{n}]'", "BOOLEAN": "{n} = 1",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a statement: an onlooker may run it, it changed rows or objects, a table or its rows are gone."""

    reads: bool
    changed: bool
    lost: bool


class World:
    """One connection as the owner."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def run(self, sql: str) -> Seen | None:
        """None when it cannot run there, whatever is made for it."""
        if _ENDS.search(sql) or "\\" in sql or "/*!" in sql:
            return None
        for kind in _TYPES:
            transaction = self._connection.transaction()
            await transaction.start()
            try:
                error = await self._furnished(sql, kind)
                if error is None:
                    return await self._seen(sql)
                if not isinstance(error, _OTHER_TYPES):
                    return None
            except (asyncpg.PostgresError, asyncpg.InterfaceError, AttributeError, OSError):
                pass
            finally:
                await transaction.rollback()
        return None

    async def _tried(self, sql: str) -> asyncpg.PostgresError | None:
        """The error, everything undone."""
        inner = self._connection.transaction()
        await inner.start()
        try:
            await self._connection.execute(sql)
        except asyncpg.PostgresError as error:
            return error
        finally:
            await inner.rollback()
        return None

    async def _furnished(self, sql: str, kind: str) -> asyncpg.PostgresError | None:
        """The error that nothing helped against."""
        said = ""
        for _ in range(_STEPS):
            error = await self._tried(sql)
            if error is None or str(error) == said:
                return error
            said = str(error)
            names = re.findall(r'"([^"]+)"', said)
            if isinstance(error, asyncpg.UndefinedTableError) and names:
                await self._table(names[0])
            elif isinstance(error, asyncpg.InvalidSchemaNameError) and names:
                await self._connection.execute(f'CREATE SCHEMA "{names[0]}"')
            elif isinstance(error, asyncpg.UndefinedColumnError):
                await self._column(said, sql, kind)
            else:
                return error
        return error

    async def _table(self, named: str) -> None:
        schema, _, name = named.rpartition(".")
        if schema:
            await self._connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        whole = f'"{schema}"."{name}"' if schema else f'"{name}"'
        await self._connection.execute(f"CREATE TABLE {whole} (id INTEGER PRIMARY KEY)")
        await self._connection.execute(f"INSERT INTO {whole} VALUES (1), (2), (3)")

    async def _column(self, said: str, sql: str, kind: str) -> None:
        """Into the table that is named, or every one that the statement speaks of."""
        of = re.search(r'column "?([^" ]+)"? of relation "([^"]+)"', said)
        named = of or re.search(r'column "?([^" ]+?)"? ', said)
        if named is None:
            return
        name = named[1].rpartition(".")[2].strip('"')
        of_type = kind or next((found for pattern, found in _BY_NAME if pattern.search(name.lower())), "TEXT")
        for table, columns in await self._connection.fetch(_TABLES):
            short = table.rpartition(".")[2].strip('"')
            meant = short == of[2] if of else re.search(rf"\b{re.escape(short)}\b", sql, re.IGNORECASE)
            if meant and name not in columns and f'"{name}"' not in columns:
                await self._connection.execute(f'ALTER TABLE {table} ADD COLUMN "{name}" {of_type}')
                for row in (1, 2, 3):
                    value = _VALUES[of_type].format(n=row)
                    with contextlib.suppress(asyncpg.UndefinedColumnError):
                        await self._connection.execute(f'UPDATE {table} SET "{name}" = {value} WHERE id = {row}')

    async def _seen(self, sql: str) -> Seen:
        before = await self._state()
        inner = self._connection.transaction()
        await inner.start()
        await self._connection.execute(sql)
        after = await self._state(before)
        await inner.rollback()
        lost = bool(before["objects"] - after["objects"])
        lost |= any(len(rows) > 2 and not rows & after[name] for name, rows in before.items() if name != "objects")
        for (schema,) in await self._connection.fetch("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'"):
            with contextlib.suppress(asyncpg.PostgresError):
                async with self._connection.transaction():
                    await self._connection.execute(f'GRANT USAGE ON SCHEMA "{schema}" TO onlooker')
                    await self._connection.execute(f'GRANT SELECT ON ALL TABLES IN SCHEMA "{schema}" TO onlooker')
        refused = await self._tried(f"SET LOCAL ROLE onlooker; SET LOCAL transaction_read_only = on; {sql}")
        return Seen(refused is None, before != after, lost)

    async def _state(self, first: dict[str, frozenset[str]] | None = None) -> dict[str, frozenset[str]]:
        found = {"objects": frozenset(row[0] for row in await self._connection.fetch(_OBJECTS))}
        tables = dict(await self._connection.fetch(_TABLES))
        for table, columns in tables.items():
            names = columns if first is None else [name for name in columns if f"{table} {name}" in first["columns"]]
            rows = await self._connection.fetch(f"SELECT ROW({', '.join(names)})::text FROM {table}") if names else []
            found[table] = frozenset(row[0] for row in rows)
        found["columns"] = frozenset(f"{table} {name}" for table, names in tables.items() for name in names)
        found["objects"] |= found["columns"]
        return found if first is None else {name: found.get(name, frozenset()) for name in first}


@asynccontextmanager
async def world(socket: str) -> AsyncIterator[World]:
    """A world of its own on a server, kept in a database that is made once."""
    top = await asyncpg.connect(host=socket, user="postgres", database="postgres", statement_cache_size=0)
    if not await top.fetchval("SELECT count(*) FROM pg_roles WHERE rolname = 'owner'"):
        for statement in _SETUP.strip().strip(";").split(";"):
            await top.execute(statement)
    await top.close()
    connection = await asyncpg.connect(host=socket, user="owner", database="world", statement_cache_size=0)
    await connection.execute("SET statement_timeout = '1s'")
    if not await connection.fetchval("SELECT count(*) FROM pg_class WHERE relname = 'orders'"):
        await connection.execute(SEED.format(list="TEXT[]", json="JSONB"))
    try:
        yield World(connection)
    finally:
        await connection.close()
