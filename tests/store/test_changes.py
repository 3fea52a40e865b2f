"""Whoever changes something, everybody who listens hears of it, or that they may have missed it."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from pathlib import Path

from tests.approval.values import NOW, approval
from tests.servers.postgres import Postgres

from interlock.model import Change, Secret
from interlock.store.approvals import Approvals
from interlock.store.changes import MISSED, _Queue, sqlite_changes
from interlock.store.opening import open_store


async def _add(store: Approvals, id: str) -> None:
    given = approval(id=id, fingerprint=id)
    await store.add(given, Change(id, "pending", NOW), at_most=100_000)


async def _next(feed: AsyncIterator[str], seconds: float = 5.0) -> str:
    async with asyncio.timeout(seconds):
        return await anext(feed)


async def _heard(feed: AsyncIterator[str], wanted: set[str]) -> set[str]:
    found: set[str] = set()
    async with asyncio.timeout(10):
        while not wanted <= found:
            found.add(await anext(feed))
    return found


async def test_changes_are_heard_by_all(store_url: Secret) -> None:
    """Of every writer, by every listener, each once it listens; what was missed before is said at first."""
    one, two = await open_store(store_url), await open_store(store_url)
    await _add(one, "apr-0")
    async with aclosing(one.changes()) as first, aclosing(two.changes()) as second:
        assert [await _next(first), await _next(second)] == [MISSED, MISSED]
        await asyncio.gather(
            *(_add(store, f"apr-{name}-{n}") for n in range(20) for name, store in (("a", one), ("b", two)))
        )
        wanted = {f"apr-{name}-{n}" for n in range(20) for name in "ab"}
        assert await _heard(first, wanted) == wanted
        assert await _heard(second, wanted) == wanted
    await one.close()
    await two.close()


async def test_nothing_is_heard_of_what_was_not_kept(store_url: Secret) -> None:
    """A change that came too late is no change."""
    store = await open_store(store_url)
    async with aclosing(store.changes()) as feed:
        assert await _next(feed) == MISSED
        late = approval(id="apr-late", version=7)
        assert not await store.swap(late, [Change("apr-late", "denied", NOW)])
        await _add(store, "apr-1")
        assert await _next(feed) == "apr-1"
    await store.close()


async def test_a_feed_ends_with_its_reader(tmp_path: Path) -> None:
    """Its thread and its connection go when nobody reads any more."""
    store = await open_store(Secret("sqlite:a.sqlite"), base=tmp_path)
    async with aclosing(store.changes()) as feed:
        await _next(feed)
        assert _watchers() == 1
    assert _watchers() == 0
    await store.close()


async def test_a_file_that_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    """When it can, what was missed is said."""
    async with aclosing(sqlite_changes(tmp_path / "a.sqlite")) as feed:
        waiting = asyncio.create_task(_next(feed))
        await asyncio.wait([waiting], timeout=0.1)
        assert not waiting.done()
        store = await open_store(Secret("sqlite:a.sqlite"), base=tmp_path)
        assert await waiting == MISSED
        await _add(store, "apr-1")
        assert await _next(feed) == "apr-1"
        await store.close()


async def test_what_nobody_reads_is_not_kept(tmp_path: Path) -> None:
    """A reader that sleeps through more changes than are kept for it hears that it missed some."""
    store = await open_store(Secret("sqlite:a.sqlite"), base=tmp_path)
    async with aclosing(store.changes()) as feed:
        assert await _next(feed) == MISSED
        await _many(tmp_path, 25_000)
        assert await _next(feed) == MISSED
        await _add(store, "apr-1")
        assert await _next(feed) == "apr-1"
    await store.close()


async def test_what_waits_to_be_read_is_bounded() -> None:
    """In pieces too: what would be more than is kept is forgotten, and the reader hears of that."""
    queue = _Queue()
    for _ in range(2):
        queue.put(*(f"apr-{number}" for number in range(6_000)))
    queue.put("apr-last")

    assert [await queue.get(), await queue.get()] == [MISSED, "apr-last"]


async def test_a_connection_that_broke_is_made_again() -> None:
    """PostgreSQL was killed: the feed goes on by itself when it is back, and says that something may be missed."""
    server = Postgres()
    try:
        await asyncio.to_thread(server.start)
        store = await open_store(Secret(server.url))
        async with aclosing(store.changes()) as feed:
            assert await _next(feed) == MISSED
            await asyncio.to_thread(server.kill)
            waiting = asyncio.create_task(_next(feed, 20.0))
            await asyncio.to_thread(server.start)
            began = time.monotonic()
            assert await waiting == MISSED
            assert time.monotonic() - began < 10.0
            await _add(store, "apr-1")
            assert await _next(feed) == "apr-1"
        await store.close()
    finally:
        await asyncio.to_thread(server.stop)


async def _many(folder: Path, count: int) -> None:
    """So many changes in one step, which nobody reads while another feed hears of them."""
    async with aclosing(sqlite_changes(folder / "a.sqlite")) as other:
        assert await _next(other) == MISSED
        with closing(sqlite3.connect(folder / "a.sqlite")) as database, database:
            rows = [(f"apr-{secrets.token_hex(4)}", NOW, "{}") for _ in range(count)]
            database.executemany("INSERT INTO interlock_history (subject, at, document) VALUES (?, ?, ?)", rows)
        await _next(other)


def _watchers() -> int:
    return sum(thread.name == "interlock-changes" for thread in threading.enumerate())
