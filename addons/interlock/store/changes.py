"""Ids of approvals and grants as they change, whichever process changes them.

PostgreSQL tells them (LISTEN/NOTIFY) over a connection of its own. SQLite is asked every 25 ms, by a thread of its own,
whether somebody committed (`PRAGMA data_version` reads a few bytes of shared memory). "" says that some may have been
missed: at first, and after every interruption.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from interlock.model import Secret
from interlock.store.engine import PATIENCE, connect_postgres
from interlock.store.following import MISSED
from interlock.store.tables import CHANNEL, HISTORY

__all__ = ["postgres_changes", "sqlite_changes"]

_POLL = 0.025
_ALIVE = 1.0
_RETRY = 0.25
_WAITING = 10_000
_NEWEST = f"SELECT coalesce(max(seq), 0) FROM {HISTORY.name}"  # noqa: S608 - a constant
_SINCE = f"SELECT seq, subject FROM {HISTORY.name} WHERE seq > ? ORDER BY seq LIMIT {_WAITING}"  # noqa: S608 - constants


class _Queue:
    """What waits to be read, bounded: where it would be longer, it is forgotten and MISSED stands for it."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue(_WAITING)

    def put(self, *ids: str | None) -> None:
        try:
            for id in ids:
                self._waiting.put_nowait(id)
        except asyncio.QueueFull:
            while not self._waiting.empty():
                self._waiting.get_nowait()
            self._waiting.put_nowait(MISSED)

    async def get(self) -> str | None:
        return await self._waiting.get()


async def postgres_changes(url: Secret) -> AsyncGenerator[str]:
    """The feed of a PostgreSQL database; it never ends, and connects again when it has to."""
    while True:
        connection = None
        try:
            connection, queue = await connect_postgres(url), _Queue()
            connection.add_termination_listener(lambda *_, queue=queue: queue.put(None))
            async with asyncio.timeout(PATIENCE):
                await connection.add_listener(CHANNEL, lambda *told, queue=queue: queue.put(str(told[-1])))
            yield MISSED
            while (id := await _next(connection, queue)) is not None:
                yield id
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            pass
        finally:
            if connection is not None:
                connection.terminate()
        await asyncio.sleep(_RETRY)


async def _next(connection: Any, queue: _Queue) -> str | None:
    """The next id, None when the connection ended. A connection that says nothing is asked whether it still is one."""
    while True:
        try:
            return await asyncio.wait_for(queue.get(), _ALIVE)
        except TimeoutError:
            await connection.execute("SELECT 1", timeout=PATIENCE)


async def sqlite_changes(path: Path) -> AsyncGenerator[str]:
    """The feed of an SQLite file; it never ends, and opens the file again when it has to."""
    queue, stop, loop = _Queue(), threading.Event(), asyncio.get_running_loop()

    def tell(*ids: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody listens
            loop.call_soon_threadsafe(queue.put, *ids)

    thread = threading.Thread(target=_watch, args=(path, tell, stop), name="interlock-changes", daemon=True)
    thread.start()
    try:
        while True:
            yield await queue.get() or MISSED
    finally:
        stop.set()
        await asyncio.to_thread(thread.join, PATIENCE)


def _watch(path: Path, tell: Callable[..., None], stop: threading.Event) -> None:
    while not stop.is_set():
        with contextlib.suppress(sqlite3.Error):
            for ids in _polled(path, stop):
                tell(*ids)
        stop.wait(_RETRY)


def _polled(path: Path, stop: threading.Event) -> Iterator[list[str]]:
    """What changes, each time that something did. Raises sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(path.as_uri() + "?mode=ro", timeout=PATIENCE, uri=True)) as database:
        seen = database.execute(_NEWEST).fetchone()[0]
        version = 0
        yield [MISSED]
        while not stop.wait(_POLL):
            latest = database.execute("PRAGMA data_version").fetchone()[0]
            if latest != version:
                found = database.execute(_SINCE, (seen,)).fetchall()
                version = latest
                if len(found) >= _WAITING:
                    seen = database.execute(_NEWEST).fetchone()[0]
                    yield [MISSED]
                elif found:
                    seen = found[-1][0]
                    yield list(dict.fromkeys(subject for _, subject in found))
