"""Shipped recordings in the database: an object is parts of at most a MiB, and counts when all of them are there.

Parts are written under an edition of their own; one row then says which edition the object is. What a dead process
left of another edition goes with the next one.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from interlock.store.engine import Database
from interlock.store.migrate import migrate
from interlock.store.tables import OBJECTS, PARTS
from interlock.store.upsert import put

__all__ = ["StoreObjects"]

_PART = 1 << 20
_PATIENCE = 30.0
_PAGE = 1000


class StoreObjects:
    """Objects by name. Everything raises OSError; each part is a short transaction of its own.

    The first use brings the database's tables up to date, and raises InterlockError where that cannot be.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._migrated = False

    async def put(self, name: str, chunks: AsyncIterator[bytes], size: int) -> None:
        """Keep `size` bytes under a name, in place of what is there; all of them or nothing."""
        await self._ready()
        edition, count, waiting = secrets.token_hex(8), 0, bytearray()
        async for chunk in chunks:
            waiting += chunk
            while len(waiting) >= _PART:
                await self._part(name, edition, count, bytes(waiting[:_PART]))
                del waiting[:_PART]
                count += 1
        if waiting or not count:
            await self._part(name, edition, count, bytes(waiting))
            count += 1
        row = {"name": name, "edition": edition, "size": size, "parts": count}

        async def settle(connection: AsyncConnection) -> bool:
            held = select(func.sum(func.length(PARTS.c.data))).where(PARTS.c.name == name, PARTS.c.edition == edition)
            if (await connection.execute(held)).scalar() != size:
                return False
            await connection.execute(put(connection, OBJECTS, row, change=("edition", "size", "parts")))
            await connection.execute(delete(PARTS).where(PARTS.c.name == name, PARTS.c.edition != edition))
            return True

        if not await self._database.run(settle, write=True, patience=_PATIENCE):
            raise OSError("the object is not as long as it should be")

    async def get(self, name: str) -> AsyncIterator[bytes]:
        """What is kept there, piece by piece. Raises FileNotFoundError for nothing."""

        async def find(connection: AsyncConnection) -> tuple[str, int] | None:
            query = select(OBJECTS.c.edition, OBJECTS.c.parts).where(OBJECTS.c.name == name)
            row = (await connection.execute(query)).first()
            return (row[0], row[1]) if row else None

        await self._ready()
        found = await self._database.run(find)
        if found is None:
            raise FileNotFoundError("no such object")
        edition, count = found
        for part in range(count):
            yield await self._read(name, edition, part)

    async def delete(self, name: str) -> None:
        """Keep it no longer."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(delete(OBJECTS).where(OBJECTS.c.name == name))
            await connection.execute(delete(PARTS).where(PARTS.c.name == name))

        await self._ready()
        await self._database.run(work, write=True, patience=_PATIENCE)

    async def list(self, folder: str) -> AsyncIterator[str]:
        """The names of what is kept in a folder, or of everything (empty)."""
        await self._ready()
        prefix, last = f"{folder}/" if folder else "", ""
        while True:
            query = select(OBJECTS.c.name).where(
                OBJECTS.c.name > last, OBJECTS.c.name.startswith(prefix, autoescape=True)
            )

            async def work(connection: AsyncConnection, query: Select[tuple[str]] = query) -> list[str]:
                return [*(await connection.scalars(query.order_by(OBJECTS.c.name).limit(_PAGE)))]

            names = await self._database.run(work, patience=_PATIENCE)
            for name in names:
                yield name
            if len(names) < _PAGE:
                return
            last = names[-1]

    async def close(self) -> None:
        """Gives connections back."""
        await self._database.close()

    async def _ready(self) -> None:
        if not self._migrated:
            await migrate(self._database)
            self._migrated = True

    async def _part(self, name: str, edition: str, part: int, data: bytes) -> None:
        row = {"name": name, "edition": edition, "part": part, "data": data}

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(insert(PARTS).values(**row))

        await self._database.run(work, write=True, patience=_PATIENCE)

    async def _read(self, name: str, edition: str, part: int) -> bytes:
        async def work(connection: AsyncConnection) -> bytes | None:
            ours = (PARTS.c.name == name, PARTS.c.edition == edition, PARTS.c.part == part)
            return (await connection.execute(select(PARTS.c.data).where(*ours))).scalar()

        found = await self._database.run(work, patience=_PATIENCE)
        if found is None:
            raise OSError("a part of the object is missing")
        return bytes(found)
