"""What is followed is read when it changes, and once a second whatever the feed says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator

import pytest
from tests.approval.values import ManualClock

from interlock.store.following import MISSED, STALE, Following


class Board(Following):
    """Notes what it is asked to read."""

    _what = "letters"

    def __init__(self) -> None:
        self.feed: asyncio.Queue[str] = asyncio.Queue()
        self.read: list[set[str]] = []
        self.wholes = 0
        self.looks = 0
        self.down = False
        self.clock = ManualClock()
        self.happened = asyncio.Event()
        super().__init__(self._told, self.clock)

    async def until(self, number: int, *, wholes: bool = False) -> None:
        """So many changes were read, or everything so often."""
        async with asyncio.timeout(60):
            while (self.wholes if wholes else len(self.read)) < number:
                self.happened.clear()
                await self.happened.wait()

    async def _told(self) -> AsyncGenerator[str]:
        while (id := await self.feed.get()) != "break":
            yield id
        raise RuntimeError

    async def _read(self, changed: set[str]) -> None:
        self._fail()
        self.read.append(changed)
        self.happened.set()

    async def _read_all(self) -> None:
        self._fail()
        self.wholes += 1
        self._read_since(self.clock.ran)
        self.happened.set()

    def _look(self) -> None:
        self.looks += 1
        self.happened.set()

    def _concerns(self, id: str) -> bool:
        return id.startswith("let-")

    def _fail(self) -> None:
        if self.down:
            raise OSError


async def test_what_changed_is_read_at_once() -> None:
    """Only what concerns the board; where changes may have been missed, everything besides."""
    board = Board()
    await board.start()
    board.feed.put_nowait("apr-1")
    board.feed.put_nowait("let-1")
    await board.until(1)
    assert board.read == [{"let-1"}]
    before = board.wholes
    board.feed.put_nowait(MISSED)
    await board.until(2)
    await board.until(before + 1, wholes=True)
    await board.close()

    assert {MISSED} in board.read


async def test_everything_is_read_again_each_second() -> None:
    """However silent the feed is."""
    board = Board()
    await board.start()
    assert board.fresh
    await board.until(3, wholes=True)
    await board.close()

    assert board.read == []
    assert not board.fresh
    assert board.looks >= 2


async def test_what_was_read_too_long_ago_is_not_believed() -> None:
    """Neither is what was never read."""
    board = Board()
    assert not board.fresh
    board._read_since(board.clock.ran)
    board.clock.ran += STALE
    assert board.fresh
    board.clock.ran += 0.01

    assert not board.fresh


async def test_a_failure_is_said_once_and_made_good(caplog: pytest.LogCaptureFixture) -> None:
    """What could not be read is read later, and whatever was missed with it; so is a feed heard that broke."""
    board = Board()
    await board.start()
    board.down = True
    board.feed.put_nowait("let-1")
    async with asyncio.timeout(60):
        while board.looks < 2:
            board.happened.clear()
            await board.happened.wait()
    board.down = False
    await board.until(1)
    board.feed.put_nowait("break")
    board.feed.put_nowait("let-2")
    await board.until(2)
    await board.close()

    assert [set(one) for one in board.read] == [{"let-1", MISSED}, {"let-2"}]
    assert [(one.levelno, one.getMessage()) for one in caplog.records] == [
        (logging.WARNING, "letters cannot be followed: OSError"),
        (logging.WARNING, "changes of letters cannot be heard: RuntimeError"),
    ]


async def test_a_board_that_cannot_read_does_not_start() -> None:
    """Nothing would be known."""
    board = Board()
    board.down = True
    with pytest.raises(OSError):
        await board.start()
