"""What is known without asking is fresh, or it is nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.approval.values import AGENT, MAX, NOW, ManualClock, approval

from interlock.approval.board import Board
from interlock.model import Approval, ApprovalState, Change, Grant, Person, Secret
from interlock.store.approvals import Approvals
from interlock.store.following import STALE
from interlock.store.opening import open_store

GRANT = Grant("grt-1", AGENT, "w", ("sql.write",), ("r",), NOW, NOW + 600, (MAX,))


class Failing(Approvals):
    """A store that can be taken away, or whose feed breaks."""

    down = False
    broken = 0
    reads = 0

    def ahead(self) -> Failing:
        return self

    def changes(self) -> AsyncGenerator[str]:
        if self.broken:
            self.broken -= 1
            raise RuntimeError("a feed that breaks")
        return super().changes()

    async def grants(self, now: float, *, holder: Person | None = None) -> Sequence[Grant]:
        self.reads += 1
        if self.down:
            raise OSError("the store is down")
        return await super().grants(now, holder=holder)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Failing]:
    opened = await open_store(Secret("sqlite:a.sqlite"), base=tmp_path)
    yield Failing(opened._database)
    await opened.close()


async def _give(store: Approvals, grant: Grant = GRANT) -> None:
    asked = approval(id=f"apr-{grant.id}", fingerprint=grant.id)
    await store.add(asked, Change(asked.id, "pending", NOW), at_most=99)
    after = replace(asked, state=ApprovalState.APPROVED, version=1)
    assert await store.swap(after, [Change(asked.id, "approved", NOW)], grant=grant)


async def _until(board: Board, clock: ManualClock, test: object) -> None:
    async with asyncio.timeout(60):
        while not test():  # type: ignore[operator]
            clock.time += 0.01
            clock.ran += 0.01
            await asyncio.sleep(0.01)


async def test_a_grant_is_known_while_it_can_be_trusted(store: Failing, caplog: pytest.LogCaptureFixture) -> None:
    """Two seconds without the store make every grant void, cut what hangs on it, and are said once in the log."""
    clock, cut = ManualClock(), list[str]()
    await _give(store)
    board = Board(store, clock)
    assert board.grants(AGENT) == ()
    await board.start()
    board.hang(["grt-1"], cut.append)
    assert board.grants(AGENT) == (GRANT,)
    assert board.grants(MAX) == ()

    store.down = True
    read_at = clock.time
    with caplog.at_level(logging.WARNING):
        await _until(board, clock, lambda: not board.grants(AGENT))
    assert clock.time - read_at <= STALE + 1.5
    await _until(board, clock, lambda: cut == ["unavailable"])
    assert board.approved(AGENT, "warehouse") == ()
    assert [record.getMessage() for record in caplog.records] == ["approvals cannot be followed: OSError"]
    store.down = False
    await _until(board, clock, lambda: board.grants(AGENT) == (GRANT,))
    await board.close()
    assert board.grants(AGENT) == ()


async def test_a_grant_ends_by_itself(store: Failing) -> None:
    """At its time, without anybody reading anything; what hangs on it hears so."""
    clock, cut = ManualClock(), list[str]()
    await _give(store)
    board = Board(store, clock)
    await board.start()
    board.hang(["grt-1"], cut.append)
    board.hang(["grt-unknown"], cut.append)
    await _until(board, clock, lambda: cut == ["expired"])
    clock.time = NOW + 600
    assert board.grants(AGENT) == ()
    await _until(board, clock, lambda: cut == ["expired", "expired"])
    await board.close()


async def test_a_revocation_is_final(store: Failing) -> None:
    """What was read before it does not bring a grant back; one that vanished from the store is revoked, too."""
    clock, cut = ManualClock(), list[str]()
    for id in ("grt-1", "grt-2"):
        await _give(store, replace(GRANT, id=id))
    board = Board(store, clock)
    await board.start()
    board.hang(["grt-1"], cut.append)
    board.saw_grant(replace(GRANT, revoked=NOW + 1))
    assert cut == ["revoked"]
    board.saw_grant(GRANT)
    await board._read_all()
    assert [grant.id for grant in board.grants(AGENT)] == ["grt-2"]
    board.hang(["grt-2", "grt-1"], cut.append)
    await _until(board, clock, lambda: cut == ["revoked", "revoked"])
    await store.swap_grant(replace(GRANT, id="grt-2", revoked=NOW + 2, version=1), Change("grt-2", "revoked", NOW))
    board.hang(["grt-2"], cut.append)
    await _until(board, clock, lambda: len(cut) == 3)
    assert (cut[-1], board.grants(AGENT)) == ("revoked", ())
    await board.close()


async def test_what_was_given_meanwhile_is_kept(store: Failing) -> None:
    """A grant that this process gave while it was reading is not taken for a revoked one."""
    board = Board(store, ManualClock())
    await board.start()
    fresh = replace(GRANT, id="grt-9")
    reading = asyncio.create_task(board._read_all())
    await asyncio.sleep(0)
    board.saw_grant(fresh)
    await reading
    assert board.grants(AGENT) == (fresh,)
    ahead = replace(GRANT, id="grt-8", begins=NOW + 5)  # another gateway's clock is ahead
    board.saw_grant(ahead)
    await board._read_all()
    assert "grt-8" in board._grants
    await board.close()


async def test_what_was_read_earlier_does_not_count(store: Failing) -> None:
    """A reading that was under way while this process went on says how it stood: what is known already is later."""
    board = Board(store, ManualClock())
    await board.start()
    asked = approval()
    leased = replace(asked, state=ApprovalState.USED, outcome="leased", version=2)
    back = replace(asked, state=ApprovalState.APPROVED, version=3)
    grant = replace(GRANT, id="grt-7")
    board.saw(back)
    board.saw(leased, grant)
    assert board.approved(AGENT, asked.connection) == (back,)
    assert board.grants(AGENT) == (grant,)

    reading = asyncio.create_task(board._read_all())  # nothing is in the store
    await asyncio.sleep(0)
    again = replace(back, version=5)
    board.saw(again)
    await reading
    assert board.approved(AGENT, asked.connection) == (again,)
    await board._read_all()
    assert board.approved(AGENT, asked.connection) == ()
    await board.close()


async def test_a_board_that_cannot_read_does_not_start(store: Failing) -> None:
    """Nothing would be known."""
    store.down = True
    with pytest.raises(OSError, match="down"):
        await Board(store, ManualClock()).start()


@pytest.mark.parametrize("broken", [0, 1])
async def test_who_waits_hears_of_what_was_missed(store: Failing, broken: int) -> None:
    """When the feed says that something may be missed, or breaks and begins anew, everybody's answer is looked for."""
    store.broken = broken
    board = Board(store, ManualClock())
    asked = approval()
    await store.add(asked, Change(asked.id, "pending", NOW), at_most=9)
    await board.start()
    with board.expecting(asked.id) as decided, board.expecting(asked.id) as other:
        board.saw(asked)
        assert not decided.done()
        denied = replace(asked, state=ApprovalState.DENIED, version=1)
        await store.swap(denied, [Change(asked.id, "denied", NOW)])
        found: Approval = await asyncio.wait_for(decided, 60)
        assert (found.state, other.result()) == (ApprovalState.DENIED, found)
    assert board.waiting == 0
    await board.close()
