"""What nobody comes back for is written down by whoever sweeps, once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tests.approval.values import NOW, ManualClock, approval

from interlock.approval.board import Board
from interlock.approval.flood import Flood
from interlock.approval.ledger import Ledger, Told
from interlock.approval.sweeper import KEPT, LOST, sweep, sweep_once
from interlock.approval.telling import Channel
from interlock.model import Approval, ApprovalState, Change, Secret
from interlock.store.approvals import Approvals
from interlock.store.opening import open_store


class Room:
    """A store, and two sweepers at it."""

    def __init__(self, store: Approvals) -> None:
        self.store, self.clock = store, ManualClock()
        board = Board(store, self.clock)
        told = Told((Channel("hook"),), "https://console.example.com")
        self.ledgers = [Ledger(store, self.clock, board, told, name, Flood()) for name in ("one/1", "two/2")]

    async def add(self, number: int, state: ApprovalState = ApprovalState.PENDING, **members: object) -> Approval:
        given = approval(id=f"apr-{number}", fingerprint=f"f{number}")
        await self.store.add(given, Change(given.id, "pending", NOW), at_most=99)
        after = replace(given, state=state, version=1, **members)  # type: ignore[arg-type]
        if state is not ApprovalState.PENDING:
            await self.store.swap(after, [Change(given.id, str(state), NOW)])
        return after

    async def sweep(self, *gateways: str) -> None:
        names = gateways or ("one/1",)
        await asyncio.gather(
            *(
                sweep_once(self.store, ledger, self.clock, name)
                for ledger, name in zip(self.ledgers, names, strict=False)
            )
        )

    async def at(self, number: int) -> tuple[ApprovalState, str]:
        found = await self.store.approval(f"apr-{number}")
        assert found is not None
        return found.state, found.outcome


@pytest.fixture
async def room(store_url: Secret) -> AsyncIterator[Room]:
    store = await open_store(store_url)
    yield Room(store)
    await store.close()


async def test_what_is_over_expires_once(room: Room) -> None:
    """Two sweepers at once write one line, and people are told once."""
    await room.add(1)
    await room.add(2, ApprovalState.APPROVED)
    await room.add(3, ApprovalState.DENIED)
    await room.sweep()
    assert await room.at(1) == (ApprovalState.PENDING, "")
    room.clock.time += 600
    await room.sweep("one/1", "two/2")

    assert [(await room.at(number))[0] for number in (1, 2, 3)] == [
        ApprovalState.EXPIRED,
        ApprovalState.EXPIRED,
        ApprovalState.DENIED,
    ]
    assert [line.state for line in await room.store.history("apr-1")] == ["pending", "expired"]
    assert [one.key for one in await room.store.notices(NOW + 9999, ["hook"])].count("apr-1:expired") == 1


async def test_what_a_dead_gateway_used_is_unknown(room: Room) -> None:
    """After thirty seconds without a sign of life; a gateway that lives keeps what it has in hand."""
    await room.add(1, ApprovalState.USED, gateway="dead/0")
    await room.add(2, ApprovalState.USED, gateway="dead/0", outcome="leased")
    await room.add(3, ApprovalState.USED, gateway="dead/0", outcome="200")
    await room.add(4, ApprovalState.USED, gateway="one/1")
    room.clock.time += LOST + 1
    await room.sweep()

    used = ApprovalState.USED
    assert [await room.at(n) for n in (1, 2, 3, 4)] == [
        (used, "unknown"),
        (used, "unknown"),
        (used, "200"),
        (used, ""),
    ]
    assert (await room.store.history("apr-1"))[-1].why == "its gateway was not heard of again"


async def test_old_things_go(room: Room) -> None:
    """After ninety days."""
    await room.add(1, ApprovalState.DENIED)
    room.clock.time += KEPT + 1
    await room.sweep()
    assert await room.store.approval("apr-1") is None


async def test_a_store_that_fails_does_not_end_it(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """It says so and goes on; when it is cancelled it ends."""

    class Broken:
        def ahead(self) -> Broken:
            return self

        async def beat(self, gateway: str, now: float) -> None:
            raise OSError("down")

    with caplog.at_level(logging.WARNING):
        task = asyncio.create_task(sweep(Broken(), room.ledgers[0], room.clock, "one/1"))  # type: ignore[arg-type]
        await asyncio.wait([task], timeout=0.05)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert "approvals cannot be swept: OSError" in caplog.text
