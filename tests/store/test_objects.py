"""Shipped recordings in the database, on SQLite and on PostgreSQL: the same tests run on both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import delete, func, insert, select

from interlock.model import Secret
from interlock.store.engine import Database, open_database
from interlock.store.objects import StoreObjects
from interlock.store.tables import PARTS

_NAME = "01JD3ZK7V00000000000000000/flows.mitm"


@pytest.fixture
async def database(store_url: Secret) -> AsyncIterator[Database]:
    opened = open_database(store_url)
    yield opened
    await opened.close()


@pytest.fixture
def objects(database: Database) -> StoreObjects:
    return StoreObjects(database)


async def _chunks(data: bytes, size: int = 300_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def _read(objects: StoreObjects) -> bytes:
    return b"".join([piece async for piece in objects.get(_NAME)])


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 21) + 5])
async def test_what_was_put_is_got(objects, size) -> None:
    """Empty, small, one part exactly, several parts."""
    data = bytes(range(256)) * (size // 256 + 1)
    await objects.put(_NAME, _chunks(data[:size]), size)
    assert await _read(objects) == data[:size]


async def test_a_second_one_takes_the_place_of_the_first(objects, database) -> None:
    """As a whole; nothing of the first is left."""
    await objects.put(_NAME, _chunks(b"a" * 3_000_000), 3_000_000)
    await objects.put(_NAME, _chunks(b"b"), 1)
    assert await _read(objects) == b"b"
    assert await database.run(lambda connection: connection.scalar(select(func.count()).select_from(PARTS))) == 1


async def test_names_of_a_folder_are_listed(objects, monkeypatch) -> None:
    """Page by page; what a pattern would take for more is not."""
    monkeypatch.setattr("interlock.store.objects._PAGE", 2)
    for name in ("a_/1", "a_/2", "a_/3", "ab/4", "b/5"):
        await objects.put(name, _chunks(b"x"), 1)
    assert [name async for name in objects.list("a_")] == ["a_/1", "a_/2", "a_/3"]
    assert len([name async for name in objects.list("")]) == 5
    assert [name async for name in objects.list("a")] == []


async def test_half_an_object_is_none(objects, database) -> None:
    """A stream that ends early, or a process that dies: what lay there before still does."""
    await objects.put(_NAME, _chunks(b"whole"), 5)
    with pytest.raises(OSError, match="not as long"):
        await objects.put(_NAME, _chunks(b"ha"), 4)
    dead = {"name": _NAME, "edition": "dead", "part": 0, "data": b"x"}
    await database.run(lambda connection: connection.execute(insert(PARTS).values(**dead)), write=True)
    assert await _read(objects) == b"whole"
    await objects.put(_NAME, _chunks(b"again"), 5)
    assert await database.run(lambda connection: connection.scalar(select(func.count()).select_from(PARTS))) == 1


async def test_what_is_deleted_is_gone(objects) -> None:
    """And deleting nothing is fine."""
    await objects.put(_NAME, _chunks(b"whole"), 5)
    await objects.delete(_NAME)
    await objects.delete(_NAME)
    with pytest.raises(FileNotFoundError):
        await _read(objects)


async def test_a_part_that_somebody_took_is_an_error(objects, database) -> None:
    """Never a shorter object."""
    await objects.put(_NAME, _chunks(b"whole"), 5)
    await database.run(lambda connection: connection.execute(delete(PARTS)), write=True)
    with pytest.raises(OSError, match="missing"):
        await _read(objects)
