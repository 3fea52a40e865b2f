"""What no evidence says yet, on SQLite and on PostgreSQL: the same tests run on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.approval.values import NOW, approval

from interlock.model import JSON, ApprovalState, Change, Secret
from interlock.ports_journal import LOST
from interlock.recording.review_log import REVIEW_LOG
from interlock.store.approvals import Approvals
from interlock.store.journal import OTHERS, OURS, write_down
from interlock.store.opening import open_store
from interlock.store.tables import HISTORY


@pytest.fixture
async def store(store_url: Secret) -> AsyncIterator[Approvals]:
    opened = await open_store(store_url)
    yield opened
    await opened.close()


async def _ended(store: Approvals, *numbers: int) -> None:
    """Questions of these numbers that expired, each with something to be written."""
    for number in numbers:
        given = approval(id=f"apr-{number}", fingerprint=f"f{number}")
        await store.add(given, Change(given.id, "pending", NOW), at_most=999)
        after = replace(given, state=ApprovalState.EXPIRED, version=1)
        event = {"what": "expired", "number": number, "why": "zeit \ud83d"}
        assert await store.swap(after, [Change(given.id, "expired", NOW, event=event)])


async def test_only_what_has_something_to_be_written_waits(store: Approvals) -> None:
    """In its order; once written it waits no more, and the history reads as before."""
    await _ended(store, 1, 2)
    journal = store.journal()
    first, second = await journal.take("one", NOW, 50)
    assert [one.event["number"] for one in (first, second)] == [1, 2]
    assert (first.event["why"], first.again) == ("zeit \ud83d", False)
    for one in (first, second):
        await journal.written(one.number, "approvals/2")
    assert await journal.take("one", NOW + 9 * OTHERS, 50) == ()
    history = await store.history("apr-1")
    assert [(one.state, one.event) for one in history] == [("pending", None), ("expired", None)]


async def test_of_many_that_take_each_gets_others(store: Approvals) -> None:
    """At once, on one store: nothing is taken twice."""
    await _ended(store, *range(30))
    taken = await asyncio.gather(*(store.journal().take(f"gateway-{number}", NOW, 7) for number in range(8)))
    numbers = [one.number for found in taken for one in found]
    assert len(numbers) == len(set(numbers))
    left = [one.number for number in range(9) for one in await store.journal().take(f"late-{number}", NOW, 50)]
    assert sorted(numbers + left) == sorted(set(numbers + left))
    assert len(numbers + left) == 30


@pytest.mark.parametrize(("who", "later", "found"), [
    ("one", 1.0, False), ("one", OURS, True), ("other", OURS, False), ("other", OTHERS, True),
])  # fmt: skip
async def test_what_a_dead_gateway_had_in_hand_is_found_again(store: Approvals, who, later, found) -> None:
    """By itself soon, by others much later; and it is said that it may have been written."""
    await _ended(store, 1)
    await store.journal().take("one", NOW, 50)
    assert [one.again for one in await store.journal().take(who, NOW + later, 50)] == [True] * found


async def test_what_cannot_be_written_is_anybodys(store: Approvals) -> None:
    """At once; the next one looks whether it was."""
    await _ended(store, 1, 2)
    found = await store.journal().take("one", NOW, 50)
    await store.journal().put_back([one.number for one in found])
    again = await store.journal().take("other", NOW, 50)
    assert [(one.number, one.again) for one in again] == [(one.number, True) for one in found]


async def test_what_nobody_has_written_is_not_forgotten(store: Approvals) -> None:
    """However old it is: only what is in the evidence goes with what it was about."""
    await _ended(store, 1)
    await store.forget(NOW + 9e9)
    (found,) = await store.journal().take("one", NOW + 9e9, 50)
    assert found.event["number"] == 1
    await store.journal().written(found.number, "approvals/2")
    await store.forget(NOW + 9e9)
    assert await store.history("apr-1") == []


async def test_a_text_that_cannot_be_read_holds_up_nobody(store: Approvals) -> None:
    """Of it, what became of whom is written; the others are as they were."""
    await _ended(store, 1, 2, 3)

    async def spoil(connection: AsyncConnection) -> None:
        spoilt = update(HISTORY).where(HISTORY.c.subject == "apr-1", HISTORY.c.event.is_not(None))
        await connection.execute(spoilt.values(event='{"what": '))
        lost = update(HISTORY).where(HISTORY.c.subject == "apr-2", HISTORY.c.event.is_not(None))
        await connection.execute(lost.values(event="[]", document="{"))

    await store._database.run(spoil, write=True)
    first, second, third = await store.journal().take("one", NOW, 50)
    assert first.event == {"what": "expired", "approval": "apr-1", "why": LOST}
    assert second.event == {"what": "unknown", "approval": "apr-2", "why": LOST}
    assert third.event["number"] == 3


@pytest.mark.parametrize(("subject", "event"), [
    ("apr-1", {"approval": "apr-1"}), ("grt-1", {"grant": {"id": "grt-1"}}),
    ("cmp-1", {"campaign": "cmp-1", "log": REVIEW_LOG}), ("rev-1", {"permission": {"id": "rev-1"}, "log": REVIEW_LOG}),
])  # fmt: skip
async def test_a_text_that_cannot_be_read_goes_where_it_belongs(
    store: Approvals, subject: str, event: dict[str, JSON]
) -> None:
    """What became of a review is not said among the approvals."""
    change = Change(subject, "closed", NOW, event={"what": "closed"})

    async def spoilt(connection: AsyncConnection) -> None:
        await write_down(connection, [change])
        await connection.execute(update(HISTORY).values(event="{"))

    await store._database.run(spoilt, write=True)
    (found,) = await store.journal().take("one", NOW, 50)
    assert found.event == {"what": "closed", "why": LOST, **event}
