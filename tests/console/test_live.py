"""One subscription rings for all listeners, and a store that fails does not end it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from interlock.console.live import Bell


async def test_everybody_who_listens_is_told() -> None:
    """Once for what came together, and by nobody else's leave."""
    changes: asyncio.Queue[str] = asyncio.Queue()

    async def feed() -> AsyncIterator[str]:
        while True:
            yield await changes.get()

    bell = Bell(feed)
    listening = asyncio.create_task(bell.listen())
    pages = [bell.events() for _ in range(3)]
    assert [await anext(page) for page in pages] == [b": here\n\n"] * 3

    changes.put_nowait("apr-1")

    assert [await anext(page) for page in pages] == [b"event: changed\ndata: now\n\n"] * 3
    for page in pages:
        await page.aclose()  # type: ignore[attr-defined]
    assert not bell._listeners
    listening.cancel()


async def test_a_store_that_fails_is_tried_again() -> None:
    """And whoever listens is woken, to find out for themselves."""
    tries = 0

    async def feed() -> AsyncIterator[str]:
        nonlocal tries
        tries += 1
        raise OSError("gone")
        yield ""

    bell = Bell(feed)
    page = bell.events()
    await anext(page)
    listening = asyncio.create_task(bell.listen())

    assert await anext(page) == b"event: changed\ndata: now\n\n"
    assert tries == 1
    listening.cancel()


async def test_listeners_are_bounded() -> None:
    """One more than the bound gets an end instead of a place."""
    bell = Bell(lambda: (_ async for _ in _nothing()))
    pages = [bell.events() for _ in range(501)]
    first = [await anext(page) for page in pages[:500]]

    assert len(first) == 500
    assert [event async for event in pages[500]] == []


async def test_one_visit_does_not_take_all_places() -> None:
    """A ninth page of one browser is not told; others are, and so is it when one was closed."""
    bell = Bell(lambda: (_ async for _ in _nothing()))
    pages = [bell.events("one") for _ in range(8)]
    for page in pages:
        await anext(page)
    assert (bell.full("one"), bell.full("two")) == (True, False)
    assert [event async for event in bell.events("one")] == []

    await pages[0].aclose()  # type: ignore[attr-defined]
    assert await anext(bell.events("one")) == b": here\n\n"


async def _nothing() -> AsyncIterator[str]:
    await asyncio.Event().wait()
    yield ""
