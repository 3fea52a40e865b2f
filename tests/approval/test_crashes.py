"""Whatever is killed at whatever moment: a change was made whole or not at all, and what was acknowledged stays."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.approval.crashing import ASKS, FORKS, desk_of, on_events, race, run_step, step
from tests.approval.values import AGENT, MAX, RULE
from tests.servers.postgres import Postgres

from interlock.approval.desk import Desk
from interlock.errors import Refused
from interlock.model import ApprovalState, Secret
from interlock.store.approvals import Approvals
from interlock.store.opening import open_store

STEPS = ("open", "vote", "claim", "revoke")


class Bench:
    """A store as those see it who live on."""

    def __init__(self, store: Approvals, desk: Desk) -> None:
        self.store, self.desk = store, desk

    async def prepared(self, name: str) -> str:
        """What the step is about, made ready for it."""
        mark = secrets.token_hex(8)
        if name == "open":
            return mark
        asked = await self.desk.open(
            fingerprint=mark, requester=AGENT, connection="w", operation="sql.write", asks=ASKS, rules_digest="d",
            expires_in=600.0, shown={},
        )  # fmt: skip
        if name == "vote":
            return asked.id
        if name == "claim":
            await self.desk.vote(asked.id, MAX, approves=True, rules=(RULE,))
            return asked.id
        _, grant = await self.desk.grant(asked.id, MAX, seconds=60, rules=(RULE,))
        assert grant is not None
        return grant.id

    async def done(self, name: str, id: str) -> bool:
        """Whether the step was made; that it was made whole or not at all is asserted."""
        if name == "revoke":
            grant = await self.store.grant(id)
            assert grant is not None
            lines = [line.state for line in await self.store.history(id)]
            assert lines == (["granted", "revoked"] if grant.revoked else ["granted"])
            return await self._told(f"{id}:revoked", bool(grant.revoked))
        found = await (self.store.current(id) if name == "open" else self.store.approval(id))
        if found is None:
            assert name == "open"
            return False
        lines = [line.state for line in await self.store.history(found.id)]
        if name == "open":
            assert (found.state, lines) == (ApprovalState.PENDING, ["pending"])
            return await self._told(f"{found.id}:pending", True)
        if name == "claim":
            used = found.state is ApprovalState.USED
            assert lines == ["pending", "approved", "used"][: 3 if used else 2]
            return used
        approved = found.state is ApprovalState.APPROVED
        assert lines == ["pending", "approved"][: 2 if approved else 1]
        grants = [grant for grant in await self.store.grants(found.created + 30) if grant.approval == id]
        assert len(grants) == approved
        return await self._told(f"{id}:approved", approved)

    async def _told(self, key: str, wanted: bool) -> bool:
        notices = await self.store.notices(3e9, ["hook"], limit=10_000)
        assert (key in {notice.key for notice in notices}) is wanted
        for notice in notices:
            await self.store.told(notice, again=1.0)
        return wanted


@pytest.fixture
async def bench(store_url: Secret) -> AsyncIterator[Bench]:
    store = await open_store(store_url)
    yield Bench(store, desk_of(store, "lives"))
    await store.close()


async def _killed_at(url: Secret, name: str, id: str, at: int) -> tuple[bool, bool]:
    """Whether the process was killed, and whether it had acknowledged its step."""
    ours, theirs = FORKS.Pipe(duplex=False)
    process = FORKS.Process(target=run_step, args=(url.reveal(), name, id, at, theirs))
    await asyncio.to_thread(process.start)
    theirs.close()
    await asyncio.to_thread(process.join, 60)
    acknowledged = False
    with contextlib.suppress(EOFError):
        acknowledged = ours.poll() and bool(ours.recv())
    ours.close()
    return process.exitcode != 0, acknowledged


@pytest.mark.parametrize("name", ["vote", "claim"])
async def test_a_process_that_is_killed(bench: Bench, store_url: Secret, name: str) -> None:
    """At every statement, commit and return of a step: the old state or the new one, and never half of it."""
    seen = set()
    for at in itertools.count(1):
        id = await bench.prepared(name)
        killed, acknowledged = await _killed_at(store_url, name, id, at)
        done = await bench.done(name, id)
        seen.add((killed, done))
        assert done or not acknowledged
        if name == "claim":
            assert await _still_runs(bench.desk, id) is not done
        if not killed:
            break
    assert seen == {(True, False), (True, True), (False, True)}


async def test_processes_race_for_one_claim(bench: Bench, store_url: Secret) -> None:
    """Three gateways with fifty callers each: one claim goes through."""
    id = await bench.prepared("claim")
    ready, pipes = FORKS.Barrier(3), [FORKS.Pipe(duplex=False) for _ in range(3)]
    racing = [FORKS.Process(target=race, args=(store_url.reveal(), id, ready, theirs)) for _, theirs in pipes]
    for process in racing:
        await asyncio.to_thread(process.start)
    for process in racing:
        await asyncio.to_thread(process.join, 60)

    assert sum(ours.recv() for ours, _ in pipes) == 1
    assert [line.state for line in await bench.store.history(id)] == ["pending", "approved", "used"]


async def test_a_server_that_is_killed() -> None:
    """PostgreSQL killed within a change, before its commit and after it: an error soon, then the old state or the new
    one, and a store that serves again.
    """
    server = Postgres()
    try:
        await asyncio.to_thread(server.start)
        acting, watching = await open_store(Secret(server.url)), await open_store(Secret(server.url))
        bench, desk, happened = Bench(watching, desk_of(watching)), desk_of(acting), [0, 0]

        def count() -> None:
            happened[0] += 1
            if happened[0] == happened[1]:
                server.kill()

        on_events(acting, count)
        for name in STEPS:
            happened[:] = [0, 0]
            assert await _tried(desk, name, await bench.prepared(name))
            assert [await _killed_with(server, bench, desk, happened, name, before) for before in (2, 1, 0)] == [
                False,
                False,
                True,
            ]
        await acting.close()
        await watching.close()
    finally:
        await asyncio.to_thread(server.stop)


async def _killed_with(server: Postgres, bench: Bench, desk: Desk, happened: list[int], name: str, before: int) -> bool:
    """Whether a step was made where the server was killed so many events before its end."""
    id, total = await bench.prepared(name), happened[0]
    happened[:] = [0, total - before]
    acknowledged = await _tried(desk, name, id)
    happened[:] = [total, 0]
    await asyncio.to_thread(server.start)
    done = await bench.done(name, id)
    assert done or not acknowledged
    return done


async def test_who_waits_outlives_the_server() -> None:
    """PostgreSQL is killed while a request is held: it stays held, and goes on when it is decided after the return."""
    server = Postgres()
    try:
        await asyncio.to_thread(server.start)
        stores = [await open_store(Secret(server.url)) for _ in range(2)]
        gateway, console = (desk_of(store) for store in stores)
        bench = Bench(stores[1], console)
        await gateway.start()
        id = await bench.prepared("vote")
        waiting = asyncio.create_task(gateway.wait(id, 120))
        await asyncio.wait([waiting], timeout=0.5)
        await asyncio.to_thread(server.kill)
        async with asyncio.timeout(60):
            while gateway.board.fresh:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert not waiting.done()
        await asyncio.to_thread(server.start)
        await step(console, "vote", id)
        assert (await asyncio.wait_for(waiting, 60)).state is ApprovalState.APPROVED
        async with asyncio.timeout(60):
            while not gateway.grants(AGENT):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await gateway.close()
        for store in stores:
            await store.close()
    finally:
        await asyncio.to_thread(server.stop)


async def test_what_was_lost_is_not_run_again(bench: Bench, store_url: Secret) -> None:
    """A gateway that died between claim and answer: used, outcome unknown, for everybody and for good."""
    id = await bench.prepared("claim")
    killed, acknowledged = await _killed_at(store_url, "claim", id, 0)
    assert (killed, acknowledged) == (False, True)
    (lost,) = await bench.store.lost(3e9)
    assert lost.id == id
    done = await bench.desk.finish(id, "unknown")
    assert (done.state, done.outcome) == (ApprovalState.USED, "unknown")
    assert not await _still_runs(bench.desk, id)


async def _tried(desk: Desk, name: str, id: str) -> Any:
    try:
        async with asyncio.timeout(60):
            return await step(desk, name, id)
    except OSError:
        return None


async def _still_runs(desk: Desk, id: str) -> bool:
    found = await desk.get(id)
    assert found is not None
    try:
        await desk.claim(id, found.fingerprint)
    except Refused:
        return False
    return True
