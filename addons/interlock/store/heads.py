"""Signed tree heads in the database, for gateways that anchor there: the last one of each day, by tree.

A later head vouches for all that an earlier one did; those of past days stay, to say when something was changed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy import select

from interlock.model import Secret
from interlock.store.engine import Database, open_database
from interlock.store.objects import StoreObjects
from interlock.store.tables import OBJECTS

__all__ = ["heads_at", "keep_head", "read_heads"]

_PREFIX = "heads/"
_MOST = 100_000


async def keep_head(database: Database, tree: str, day: str, line: bytes) -> None:
    """Keeps a head (a line of `heads.jsonl`) as the last of its tree on a day. Raises OSError."""

    async def chunks() -> AsyncIterator[bytes]:
        yield line + b"\n"

    await StoreObjects(database).put(f"{_PREFIX}{tree}/{day}", chunks(), len(line) + 1)


async def read_heads(database: Database) -> bytes:
    """All heads that are kept, a line each, by tree and day. Raises OSError."""

    async def work(connection: object) -> list[str]:
        query = select(OBJECTS.c.name).where(OBJECTS.c.name.startswith(_PREFIX)).order_by(OBJECTS.c.name).limit(_MOST)
        return [row[0] for row in await connection.execute(query)]  # type: ignore[attr-defined]

    objects, found = StoreObjects(database), bytearray()
    for name in await database.run(work):
        async for piece in objects.get(name):
            found += piece
    return bytes(found)


async def heads_at(url: Secret, *, base: Path = Path()) -> bytes:
    """The same, by the URL of a store that is opened for that alone. Raises OSError, InterlockError for a wrong URL."""
    database = open_database(url, base=base)
    try:
        return await read_heads(database)
    finally:
        await database.close()
