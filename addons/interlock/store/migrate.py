"""Brings a database to the tables that this version knows, under a lock: any number of processes may start at once."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.errors import InterlockError
from interlock.store.engine import Database
from interlock.store.tables import VERSION

__all__ = ["HEAD", "migrate"]

HEAD = "0004"
"""The newest migration; when it is the database's, nothing is loaded and nothing is locked."""

_PATIENCE = 30.0
_TRIES = 4
_LOCK = 0x696E7465726C6F63
_FOLDER = Path(__file__).parent / "migrations"


async def migrate(database: Database) -> None:
    """Make the migrations that are missing, all or none.

    Raises OSError when the database cannot be used, InterlockError when a newer version of Interlock changed it.
    """
    if await _standing(database) == HEAD:
        return None

    async def work(connection: AsyncConnection) -> None:
        if database.postgres:
            await connection.execute(text(f"SET LOCAL statement_timeout = {int(_PATIENCE * 1000)}"))
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)

    await asyncio.to_thread(importlib.import_module, "alembic.script")  # not while others wait for the lock
    for _ in range(_TRIES - 1):
        with contextlib.suppress(OSError):  # SQLite waits for a lock no longer than for anything else
            return await database.run(work, write=True, patience=_PATIENCE)
        if await _standing(database) == HEAD:
            return None
    return await database.run(work, write=True, patience=_PATIENCE)


async def _standing(database: Database) -> str | None:
    """The migration that it stands at. While somebody makes a SQLite file's tables, nobody can even open it."""
    for _ in range(0 if database.postgres else _TRIES - 1):
        with contextlib.suppress(OSError):
            return await database.run(_version)
    return await database.run(_version)


async def _version(connection: AsyncConnection) -> str | None:
    return await connection.run_sync(_found)


def _found(connection: Connection) -> str | None:
    """The migration that the database stands at; None before the first."""
    if not inspect(connection).has_table(VERSION):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar()  # noqa: S608 - a constant


def _upgrade(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    current = _found(connection)
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        hint = "run the newest version on every gateway and console that shares this store"
        raise InterlockError(f"the store was changed by a newer version of Interlock (migration {current})", hint=hint)

    def steps(revision: Any, _: Any) -> Any:
        return scripts._upgrade_revs("head", revision)

    options = {"version_table": VERSION, "fn": steps, "script": scripts, "transactional_ddl": True}
    context = MigrationContext.configure(connection, opts=options)
    with Operations.context(context):
        context.run_migrations()
