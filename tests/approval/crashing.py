"""One step at a desk in a process of its own, which is killed at the n-th thing that happens in its database."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import event
from tests.approval.values import AGENT, MAX, RULE

from interlock.approval.desk import Desk
from interlock.approval.flood import Flood
from interlock.approval.notifier import Notifier, Target
from interlock.approval.telling import Channel
from interlock.model import Ask, Secret
from interlock.store.approvals import Approvals
from interlock.store.opening import open_store

__all__ = ["ASKS", "FORKS", "Clocks", "desk_of", "on_events", "race", "run_step", "step"]

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.approval.crashing"])
ASKS = (Ask(RULE, 1, 1800.0),)


class Clocks:
    """The machine's clocks."""

    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)


class _Nowhere:
    """An address that is never read: these desks are not started."""

    def read(self) -> Secret:
        return Secret("https://hooks.example.com")

    def reference(self) -> str:
        return "env:HOOK"


async def _never(*_: Any) -> None:
    raise OSError("nobody is told")


_NOBODY = Notifier("never", _never)


def desk_of(store: Approvals, name: str = "g") -> Desk:
    """A desk that tells one channel, without limits that tests would meet."""
    flood = Flood(pending=10_000, cooldown=0)
    return Desk(store, Clocks(), gateway=name, flood=flood, targets=[Target(Channel("hook"), _NOBODY, _Nowhere())])


def on_events(store: Approvals, call: Callable[[], None]) -> None:
    """Have `call` called whenever something happens in the database: a statement, a commit, a connection given back."""
    engine = store._database._engine.sync_engine
    for name in ("begin", "before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, name, lambda *_, **__: call())
    event.listen(engine, "checkin", lambda *_: call())


async def step(desk: Desk, name: str, id: str) -> Any:
    """Open, vote (which gives a grant), claim or revoke: `id` names what it is about."""
    if name == "open":
        found = await desk.open(
            fingerprint=id, requester=AGENT, connection="w", operation="sql.write", asks=ASKS, rules_digest="d",
            expires_in=600.0, shown={},
        )  # fmt: skip
        return found.id
    if name == "vote":
        return (await desk.grant(id, MAX, seconds=60, rules=(RULE,)))[0].id
    if name == "claim":
        found = await desk.get(id)
        return found and (await desk.claim(id, found.fingerprint)).id
    return (await desk.revoke(id, MAX, "enough")).id


def run_step(url: str, name: str, id: str, at: int, told: Connection) -> None:
    """In a process: sends what was acknowledged, if it lives so long."""
    happened = 0

    def count() -> None:
        nonlocal happened
        happened += 1
        if happened == at:
            os.kill(os.getpid(), signal.SIGKILL)

    async def run() -> None:
        store = await open_store(Secret(url))
        on_events(store, count)
        told.send(await step(desk_of(store), name, id))
        await store.close()

    asyncio.run(run())


def race(url: str, id: str, ready: Barrier, told: Connection) -> None:
    """In a process: fifty claims of one approval, begun when all processes are ready; sends how many succeeded."""

    async def run() -> int:
        store = await open_store(Secret(url))
        desk = desk_of(store)
        ready.wait(60)
        found = await asyncio.gather(*(step(desk, "claim", id) for _ in range(50)), return_exceptions=True)
        await store.close()
        return sum(isinstance(one, str) for one in found)

    told.send(asyncio.run(run()))
