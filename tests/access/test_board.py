"""What is known of access reviews without asking is fresh, or it is nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import replace

import pytest
from tests.access.values import NOW, ManualClock

from interlock.access.board import ReviewBoard
from interlock.model import Change, Permission, ReviewRecord, Scope, Secret, Word
from interlock.store.opening import open_reviews
from interlock.store.reviews import Reviews

ONE = ReviewRecord(Permission("analysts-read", "a" * 64), asked=NOW, due=NOW + 60, version=1)
CHANGE = Change(ONE.id, "asked", NOW)


class Failing(Reviews):
    """A store that can be taken away, or that tells of nothing."""

    down = False
    deaf = False
    blind = False
    reads = 0
    heard: asyncio.Event

    def ahead(self) -> Failing:
        return self

    async def changes(self) -> AsyncGenerator[str]:  # type: ignore[override]
        if self.deaf:
            await asyncio.Event().wait()
        async for id in super().changes():
            self.heard.set()
            yield id

    async def stamp(self) -> tuple[int, int]:
        if self.down:
            raise OSError("the store is down")
        return (1, 1) if self.blind else await super().stamp()

    async def records(self, ids: Sequence[str] | None = None) -> Sequence[ReviewRecord]:
        self.reads += ids is None
        return await super().records(ids)


@pytest.fixture
async def store(store_url: Secret) -> AsyncIterator[Failing]:
    opened = await open_reviews(store_url)
    failing = Failing(opened._database)
    failing.heard = asyncio.Event()
    yield failing
    await opened.close()


async def _until(clock: ManualClock, test: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not test():
            clock.ran += 0.01
            await asyncio.sleep(0.01)


def _word(board: ReviewBoard) -> Word | None:
    known = board.known() or {}
    return known["analysts-read"][Scope()].word if known else None


@pytest.mark.parametrize(("deaf", "blind"), [(False, True), (True, False)], ids=["told", "found"])
async def test_a_revocation_is_known(store: Failing, deaf: bool, blind: bool) -> None:
    """Told by the feed alone, or found by the stamp where the feed says nothing; what hangs on it is cut once."""
    store.deaf, store.blind = deaf, blind
    assert await store.write([CHANGE], records=[ONE])
    board, cut, ended = ReviewBoard(store, ManualClock()), list[str](), asyncio.Event()
    assert board.known() is None
    await board.start()
    assert _word(board) is None
    if not deaf:
        await asyncio.wait_for(store.heard.wait(), 60)

    def end(why: str) -> None:
        cut.append(why)
        ended.set()

    board.hang(lambda: "gone" if _word(board) is Word.REVOKE else "", end)
    revoked = replace(ONE, word=Word.REVOKE, version=2)
    assert await store.write([replace(CHANGE, state="revoke")], records=[revoked])
    await asyncio.wait_for(ended.wait(), 60)
    await board.close()

    assert cut == ["gone"]
    assert board.known() is None


async def test_what_cannot_be_read_is_not_known(store: Failing, caplog: pytest.LogCaptureFixture) -> None:
    """Two seconds without the store and nothing is known; said once; and it is known again when it comes back."""
    clock, cut = ManualClock(), list[str]()
    assert await store.write([CHANGE], records=[ONE])
    board = ReviewBoard(store, clock)
    await board.start()
    board.hang(lambda: "" if board.known() is not None else "unknown", cut.append)
    store.down = True
    with caplog.at_level(logging.WARNING):
        await _until(clock, lambda: cut)
    assert board.known() is None
    assert [record.message for record in caplog.records] == ["access reviews cannot be followed: OSError"]
    store.down = False
    await _until(clock, lambda: board.known() is not None)
    await board.close()


async def test_nothing_is_read_that_did_not_change(store: Failing) -> None:
    """A second's look costs one stamp; one change costs its own record."""
    assert await store.write([CHANGE], records=[ONE])
    board = ReviewBoard(store, ManualClock())  # not started: it would look by itself meanwhile
    await board._read_all()
    assert store.reads == 1
    await board._read_all()
    assert await store.write([CHANGE], records=[replace(ONE, word=Word.KEEP, version=2)])
    await board._read({ONE.id})
    await board._read_all()
    await board.close()

    assert store.reads == 1


async def test_an_older_version_changes_nothing(store: Failing) -> None:
    """What was read late does not undo what was seen."""
    board = ReviewBoard(store, ManualClock())
    board.saw([replace(ONE, word=Word.REVOKE, version=3)])
    board.saw([replace(ONE, word=Word.KEEP, version=2)])

    assert board._known["analysts-read"][Scope()].word is Word.REVOKE


async def test_another_store_is_read_whole(store: Failing) -> None:
    """Where a store was put back from a copy, what it does not hold is not known any more."""
    board = ReviewBoard(store, ManualClock())
    board.saw([replace(ONE, permission=Permission("gone", "b" * 64), version=7)])
    assert await store.write([CHANGE], records=[ONE])
    await board._read_all()

    assert set(board.known() or {}) == {"analysts-read"}


async def test_who_cannot_be_asked_is_cut(store: Failing) -> None:
    """A question that fails is no permission; what let go is not asked."""
    board, cut = ReviewBoard(store, ManualClock()), list[str]()

    def fails() -> str:
        raise ValueError

    with pytest.raises(ValueError):
        board.hang(fails, cut.append)
    board.hang(lambda: "", cut.append)()
    board._look()

    assert cut == ["ValueError"]
