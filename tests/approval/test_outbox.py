"""What is to be told is told at least once, survives a crash, and decides nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tests.approval.values import NOW, ManualClock, approval

from interlock.approval.notifier import Message, Notifier, Target
from interlock.approval.outbox import WAITS, Outbox
from interlock.approval.telling import Channel, about_approval
from interlock.errors import Refused
from interlock.model import ApprovalState, Change, Secret
from interlock.reasons import Reason
from interlock.store.approvals import Approvals
from interlock.store.opening import open_store

CANARY = "hook-secret-canary"


class Kept:
    """A secret, or the lack of one."""

    def __init__(self, value: str) -> None:
        self.value = value

    def read(self) -> Secret:
        if not self.value:
            raise Refused(Reason.SECRET_UNAVAILABLE, "env:HOOK is not set")
        return Secret(self.value)

    def reference(self) -> str:
        return "env:HOOK"


class Service:
    """Takes messages, or fails as it is told."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.fails: list[Exception] = []
        self.secret = Kept(CANARY)

    async def send(self, message: Message, url: str, secret: str) -> None:
        assert (url, secret) == ("https://hooks.example.com", CANARY)
        if self.fails:
            raise self.fails.pop(0)
        self.got.append(message)

    @property
    def target(self) -> Target:
        return Target(Channel("hook"), Notifier("fake", self.send), Kept("https://hooks.example.com"), self.secret)


class Office:
    """A store with one question in it, and who tells of it."""

    def __init__(self, store: Approvals) -> None:
        self.store, self.clock, self.service = store, ManualClock(), Service()

    @property
    def outbox(self) -> Outbox:
        return Outbox(self.store, self.clock, [self.service.target])

    async def ask(self) -> None:
        asked = approval()
        notices = about_approval(asked, "pending", NOW, [Channel("hook"), Channel("elsewhere")])
        await self.store.add(asked, Change(asked.id, "pending", NOW), at_most=9, notices=notices)

    async def decide(self) -> None:
        denied = replace(approval(), state=ApprovalState.DENIED, version=1)
        notices = about_approval(denied, "denied", self.clock.time, [Channel("hook")])
        await self.store.swap(denied, [Change(denied.id, "denied", self.clock.time)], notices=notices)

    @property
    def keys(self) -> list[str]:
        return [message.key.partition(":")[2] for message in self.service.got]


@pytest.fixture
async def office(store_url: Secret) -> AsyncIterator[Office]:
    store = await open_store(store_url)
    made = Office(store)
    await made.ask()
    yield made
    await store.close()


async def test_people_are_told_and_reminded(office: Office) -> None:
    """Now, and at half time; by however many senders, once."""
    assert sum(await asyncio.gather(*(office.outbox.once() for _ in range(5)))) == 1
    office.clock.time += 299
    assert await office.outbox.once() == 0
    office.clock.time += 1
    assert await office.outbox.once() == 1
    assert office.keys == ["pending", "reminder"]
    assert office.service.got[0].body["approval"] == "apr-0000000000000001"


async def test_nobody_is_asked_to_decide_what_is_decided(office: Office) -> None:
    """A question that is over is not told of any more; what became of it is."""
    await office.decide()
    office.clock.time += 400
    assert await office.outbox.once() == 3
    assert office.keys == ["denied"]
    assert await office.outbox.once() == 0


async def test_a_crash_loses_nothing(office: Office) -> None:
    """A notice that somebody had in hand when they died is another's a minute later."""
    assert len(await office.store.notices(office.clock.time, ["hook"])) == 1
    assert await office.outbox.once() == 0
    office.clock.time += 61
    assert await office.outbox.once() == 1
    assert office.keys == ["pending"]


async def test_what_fails_is_tried_again_later(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """With growing waits and the same key; then it is given up. The log names neither URL nor secret."""
    errors = [OSError("the webhook answered 500"), ValueError(CANARY), Refused(Reason.SECRET_UNAVAILABLE)]
    office.service.fails = [*errors, *(OSError("no") for _ in range(len(WAITS) - 2))]
    await office.decide()
    with caplog.at_level(logging.WARNING):
        await office.outbox.once()
        for tried, wait in enumerate(WAITS, 1):
            left = len(office.service.fails)
            office.clock.time += wait - 0.5
            await office.outbox.once()
            assert (len(office.service.fails), left) == (left, len(WAITS) + 1 - tried)
            office.clock.time += 0.5
            await office.outbox.once()
    assert office.keys == []
    assert not office.service.fails
    assert "is not tried again" in caplog.records[-1].getMessage()
    assert CANARY not in caplog.text
    assert "ValueError" in caplog.text


async def test_a_secret_that_is_missing_is_waited_for(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    """It is read for each message anew."""
    office.service.secret.value = ""
    assert await office.outbox.once() == 1
    office.service.secret.value = CANARY
    office.clock.time += WAITS[0]
    assert await office.outbox.once() == 1
    assert office.keys == ["pending"]
    assert "env:HOOK is not set" in caplog.text


async def test_a_channel_that_is_unknown_here_is_left_alone(office: Office) -> None:
    """Another gateway may know it; and without channels nothing runs."""
    office.clock.time += 900
    await office.outbox.once()
    waiting = await office.store.notices(office.clock.time, ["elsewhere"])
    assert {notice.channel for notice in waiting} == {"elsewhere"}
    await Outbox(office.store, office.clock, []).run()


async def test_it_runs_until_it_is_cancelled(office: Office) -> None:
    """And sends what is there meanwhile."""
    task = asyncio.create_task(office.outbox.run())
    async with asyncio.timeout(60):
        while not office.service.got:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert office.keys == ["pending"]
