"""A database by its URL, used in bounded time: whatever is wrong with it is an OSError within two seconds.

Work waits in turn, in three lanes with connections of their own: writing, reading, and what must wait behind neither.
SQLite: WAL, every commit on disk before it is acknowledged. PostgreSQL: its URL is handed to asyncpg whole (libpq's
parameters, `sslmode` and all) and kept from every message and repr, because it may hold a password.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import AsyncAdaptedQueuePool, event
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.store.private_file import make_private

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["PATIENCE", "Conflict", "Database", "connect_postgres", "open_database"]

PATIENCE = 2.0
"""Seconds that any use of the store may take."""

_BUSY = 1500
_LANES = {"write": 2, "read": 2, "ahead": 1}
_SQLITE_LANES = {"write": 1, "read": 1, "ahead": 1}
_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {_BUSY}", "secure_delete = ON")
_NAMED = {"application_name": "interlock"}
_SETTINGS = (  # said once connected: poolers take no such parameters of a connection
    f"SET statement_timeout = {int(PATIENCE * 1000)}; SET idle_in_transaction_session_timeout = 10000;"
    "SET synchronous_commit = on"
)
_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")


# It would print tracebacks of connections that were given up in time.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)


class Conflict(Exception):
    """A unique value stands there already."""


class Database:
    """One database. `path` is the file of SQLite's, `url` what PostgreSQL is reached by."""

    def __init__(self, engine: AsyncEngine, *, path: Path | None = None, url: Secret | None = None) -> None:
        self.path = path
        self.url = url
        self._engine = engine
        lanes = _SQLITE_LANES if path else _LANES
        self._turns = {lane: asyncio.Semaphore(count) for lane, count in lanes.items()}
        self._failures = 0
        self._running: set[asyncio.Task[Any]] = set()

    async def run[T](
        self,
        work: Callable[[AsyncConnection], Awaitable[T]],
        *,
        write: bool = False,
        ahead: bool = False,
        patience: float = PATIENCE,
    ) -> T:
        """What `work` gives, in one transaction; `ahead` of all who wait. Raises OSError, and at once for all who
        waited while it failed.

        Raises Conflict where a unique value stands already; nothing is kept then. Who is cancelled meanwhile does not
        cancel the transaction: it would leave a connection that nobody closes, and nobody knowing what was kept.
        """
        turns = self._turns["ahead" if ahead else "write" if write else "read"]
        task = asyncio.ensure_future(self._run(work, turns, write=write, patience=patience))
        self._running.add(task)
        task.add_done_callback(self._ran)
        return await asyncio.shield(task)

    def _ran(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # who asked has it, or is gone

    async def _run[T](
        self, work: Callable[[AsyncConnection], Awaitable[T]], turns: asyncio.Semaphore, *, write: bool, patience: float
    ) -> T:
        failures = self._failures
        async with turns:
            if failures != self._failures:
                raise OSError("the store of approvals cannot be used")
            try:
                async with asyncio.timeout(patience), self._engine.connect() as connection:
                    await connection.execution_options(writes=write)
                    async with connection.begin():
                        return await work(connection)
            except IntegrityError:
                raise Conflict from None
            except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
                self._failures += 1
                raise OSError(f"the store of approvals cannot be used: {_kind(error)}") from None

    @property
    def postgres(self) -> bool:
        """Whether it is PostgreSQL."""
        return self.url is not None

    async def close(self) -> None:
        """Nothing follows."""
        if self._running:
            await asyncio.wait(self._running, timeout=PATIENCE)
        await self._engine.dispose()


def open_database(url: Secret, *, base: Path = Path()) -> Database:
    """The database of a URL: `sqlite:FILE` (relative to `base`; no host, no parameters) or `postgresql://...`.

    Nothing is connected yet. Raises InterlockError for any other URL, and OSError when the file cannot be made.
    """
    scheme, _, rest = url.reveal().partition(":")
    if scheme in _SCHEMES and rest.startswith("//"):
        return _postgres(Secret(f"postgresql:{rest}"))
    if scheme == "sqlite" and rest and "\x00" not in rest and (not rest.startswith("//") or rest.startswith("///")):
        return _sqlite(base / (rest[2:] if rest.startswith("///") else rest))
    hint = "sqlite:FILE, or postgresql://USER:PASSWORD@HOST/DATABASE in a variable or a file"
    raise InterlockError("the store's URL is neither SQLite's nor PostgreSQL's", hint=hint)


async def connect_postgres(url: Secret) -> Any:
    """A connection of its own, ready in two seconds or not at all. Raises OSError."""
    connection = None
    try:
        async with asyncio.timeout(PATIENCE):
            connection = await asyncpg.connect(url.reveal(), timeout=PATIENCE, server_settings=_NAMED)
            await connection.execute(_SETTINGS)
            return connection
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, ValueError) as error:
        if connection is not None:
            connection.terminate()
        raise OSError(f"PostgreSQL cannot be reached: {_kind(error)}") from None


def _postgres(url: Secret) -> Database:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: connect_postgres(url),
        pool_size=sum(_LANES.values()),
        max_overflow=0,
        pool_timeout=PATIENCE,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    return Database(engine, url=url)


def _sqlite(path: Path) -> Database:
    make_private(path)
    engine = create_async_engine(
        "sqlite+aiosqlite:///approvals",
        async_creator=lambda: _connect_sqlite(path),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=sum(_SQLITE_LANES.values()),
        max_overflow=0,
        pool_timeout=PATIENCE,
        hide_parameters=True,
    )

    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine.sync_engine, "begin", begin)
    return Database(engine, path=path)


_opening: set[asyncio.Task[Any]] = set()


async def _connect_sqlite(path: Path) -> Any:
    """A connection. Who gives up waiting for it leaves nothing open: it is closed as soon as it is there."""
    task = asyncio.ensure_future(_opened(path))
    _opening.add(task)
    task.add_done_callback(_opening.discard)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.add_done_callback(_let_go)
        raise


def _let_go(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception() is None:
        task.result().stop()


async def _opened(path: Path) -> Any:
    import aiosqlite

    opening = aiosqlite.connect(path, timeout=_BUSY / 1000, isolation_level=None)
    opening._thread.daemon = True  # what hangs on a dead disk must not keep the process
    connection = await opening
    try:
        for pragma in _PRAGMAS:
            await connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        await connection.close()
        raise
    return connection


def _kind(error: BaseException) -> str:
    """The kind of an error: its text may name hosts, users and statements."""
    return type(getattr(error, "orig", None) or error).__name__
