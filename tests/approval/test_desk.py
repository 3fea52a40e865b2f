"""Questions, answers and grants at a desk, on both stores: two desks share one, as a gateway and a console do."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest
from tests.approval.values import AGENT, ERIKA, LENA, MAX, RULE
from tests.conftest import Record

from interlock.approval.desk import Desk
from interlock.approval.flood import Flood
from interlock.errors import Refused
from interlock.model import Approval, ApprovalKind, ApprovalState, Ask, Person, Secret
from interlock.reasons import Reason
from interlock.store.opening import open_store

ASKS = (Ask(RULE, 1, 1800.0),)


class Clocks:
    """The machine's clocks, moved ahead where a test wants it."""

    ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def monotonic(self) -> float:
        return time.monotonic() + self.ahead


class Two:
    """A gateway's desk and a console's on one store."""

    def __init__(self, gateway: Desk, console: Desk, clock: Clocks) -> None:
        self.gateway, self.console, self.clock = gateway, console, clock

    async def ask(self, mark: str = "f", **members: Any) -> Approval:
        usual: dict[str, Any] = {
            "requester": AGENT, "connection": "warehouse", "operation": "sql.write", "asks": ASKS,
            "rules_digest": "d", "expires_in": 600.0, "shown": {"sql": "UPDATE"},
        }  # fmt: skip
        return await self.gateway.open(fingerprint=mark, **{**usual, **members})

    async def yes(self, found: Approval, by: Person = MAX, **members: Any) -> Approval:
        return await self.console.vote(found.id, by, approves=True, rules=(RULE,), **members)

    async def no(self, found: Approval, reason: str = "not today") -> Approval:
        return await self.console.vote(found.id, MAX, approves=False, rules=(RULE,), reason=reason)


@pytest.fixture
async def two(store_url: Secret) -> AsyncIterator[Two]:
    clock = Clocks()
    async with AsyncExitStack() as stack:
        desks = []
        for name in ("gateway", "console"):
            store = await open_store(store_url)
            stack.push_async_callback(store.close)
            desk = Desk(store, clock, gateway=name, flood=Flood(cooldown=0))
            await desk.start()
            stack.push_async_callback(desk.close)
            desks.append(desk)
        yield Two(desks[0], desks[1], clock)


async def _reason(call: Any) -> Reason:
    with pytest.raises(Refused) as refused:
        await call
    return refused.value.reason


async def _until(test: Callable[[], bool]) -> None:
    """Wait for something that another desk has to hear of."""
    async with asyncio.timeout(60):
        while not test():  # noqa: ASYNC110 - what another process did has no event here
            await asyncio.sleep(0.005)


async def test_decided_elsewhere_it_goes_on_at_once(two: Two, store_url: Secret, record_figures: Record) -> None:
    """Who waits at one desk hears in a moment what was decided at another: the median is below 100 ms."""
    waits = []
    for number in range(15):
        asked = await two.ask(f"f{number}")
        waiter = asyncio.create_task(two.gateway.wait(asked.id, 10))
        await _until(lambda: two.gateway.board.waiting == 1)
        await two.yes(asked)
        began = time.monotonic()
        assert (await waiter).state is ApprovalState.APPROVED
        waits.append(time.monotonic() - began)

    kind = store_url.reveal().partition(":")[0]
    record_figures(f"decided to released, {kind}", {"median": f"{statistics.median(waits) * 1000:.0f} ms"})
    assert statistics.median(waits) < 0.1
    assert two.gateway.board.waiting == 0


async def test_a_thousand_wait_on_one_feed(two: Two) -> None:
    """Each is woken by its own answer, and nobody asks the store for itself meanwhile."""
    asked = [await two.ask(f"f{n}", requester=Person("c", "i", f"a{n // 5}")) for n in range(10)]
    waiters = [asyncio.create_task(two.gateway.wait(one.id, 60)) for one in asked for _ in range(100)]
    await _until(lambda: two.gateway.board.waiting == 1000)
    for one in asked:
        await two.yes(one)
    found = await asyncio.wait_for(asyncio.gather(*waiters), 60)

    assert {one.state for one in found} == {ApprovalState.APPROVED}
    assert sorted({one.id for one in found}) == sorted(one.id for one in asked)


async def test_waiting_ends(two: Two) -> None:
    """After its time the question stands as it is; when its own time is over it has expired, for everybody."""
    asked = await two.ask()
    assert (await two.gateway.wait(asked.id, 0.05)).state is ApprovalState.PENDING
    assert (await two.gateway.wait(asked.id, 0)).state is ApprovalState.PENDING
    soon = await two.ask("g", expires_in=0.1)
    assert (await two.gateway.wait(soon.id, 10)).state is ApprovalState.EXPIRED
    assert await _reason(two.gateway.wait("apr-none", 1)) is Reason.NOT_FOUND
    assert two.gateway.board.waiting == 0


async def test_expiry_needs_nobody(two: Two) -> None:
    """Whoever looks after everything was down sees it expired, before any sweeper wrote that down."""
    asked = await two.ask(expires_in=60.0)
    await two.yes(asked)
    two.clock.ahead = 3600.0
    found = await two.console.get(asked.id)

    assert found is not None
    assert found.state is ApprovalState.EXPIRED
    assert await _reason(two.gateway.claim(asked.id, "f")) is Reason.APPROVAL_EXPIRED
    assert [one.id for one in await two.console.queue([ApprovalState.EXPIRED])] == [asked.id]
    assert not await two.console.queue([ApprovalState.PENDING, ApprovalState.APPROVED])
    again = await two.ask()
    assert (again.id != asked.id, again.state) == (True, ApprovalState.PENDING)
    assert [line.state for line in await two.console.history(asked.id)] == ["pending", "approved", "expired"]


async def test_asked_again_it_is_the_same_question(two: Two) -> None:
    """Also once it is approved; when it was used, a new one."""
    asked = await two.ask()
    assert (await two.ask()).id == asked.id
    await two.yes(asked)
    assert (await two.ask()).state is ApprovalState.APPROVED
    used = await two.gateway.claim(asked.id, "f")
    assert (used.state, used.gateway) == (ApprovalState.USED, two.gateway.gateway)
    assert await _reason(two.gateway.claim(asked.id, "f")) is Reason.APPROVAL_USED
    assert (await two.gateway.finish(asked.id, "200")).outcome == "200"
    assert (await two.ask()).id != asked.id
    states = [line.state for line in await two.console.history(asked.id)]
    assert states == ["pending", "approved", "used", "finished"]


async def test_fifty_claims(two: Two) -> None:
    """One of fifty gets it, wherever they ask."""
    asked = await two.ask()
    await two.yes(asked)
    tries = [desk.claim(asked.id, "f") for _ in range(25) for desk in (two.gateway, two.console)]
    found = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(one, Approval) for one in found) == 1
    assert {one.reason for one in found if isinstance(one, Refused)} == {Reason.APPROVAL_USED}
    assert len([one for one in found if isinstance(one, Refused)]) == 49


async def test_who_decides(two: Two) -> None:
    """Not the requester nor who it acts for; a no needs a reason, and wins."""
    asked = await two.ask(asks=(Ask(RULE, 2, 1800.0),))
    assert await _reason(two.yes(asked, AGENT)) is Reason.VOTE_REFUSED
    assert await _reason(two.yes(asked, ERIKA)) is Reason.VOTE_REFUSED
    assert await _reason(two.no(asked, "")) is Reason.VOTE_REFUSED
    assert (await two.yes(asked)).state is ApprovalState.PENDING
    assert await _reason(two.yes(asked)) is Reason.VOTE_REFUSED
    assert (await two.no(asked)).state is ApprovalState.DENIED
    assert await _reason(two.yes(asked, LENA)) is Reason.APPROVAL_DENIED
    assert await _reason(two.gateway.claim(asked.id, "f")) is Reason.APPROVAL_DENIED
    assert await _reason(two.console.vote("apr-none", MAX, approves=True)) is Reason.NOT_FOUND


async def test_two_people_at_once(two: Two) -> None:
    """Both words count, whoever is first."""
    asked = await two.ask(asks=(Ask(RULE, 2, 1800.0),))
    await asyncio.gather(two.yes(asked), two.yes(asked, LENA))
    found = await two.gateway.get(asked.id)

    assert found is not None
    assert (found.state, len(found.votes)) == (ApprovalState.APPROVED, 2)


async def test_withdrawn_it_cannot_run(two: Two) -> None:
    """Nobody waits any more: approving comes too late."""
    asked = await two.ask()
    assert (await two.gateway.withdraw(asked.id, "the client hung up")).state is ApprovalState.WITHDRAWN
    assert await _reason(two.yes(asked)) is Reason.APPROVAL_WITHDRAWN
    assert (await two.console.history(asked.id))[-1].why == "the client hung up"


async def test_an_approval_is_widened(two: Two) -> None:
    """Approved once and granted for a time, in one step; the gateway knows in a moment, and so it does of the end."""
    asked = await two.ask(operations=("sql.write", "sql.read"))
    approved, grant = await two.console.grant(asked.id, MAX, seconds=60, rules=(RULE,), reason="migration")
    assert grant is not None
    assert (approved.state, grant.operations) == (ApprovalState.APPROVED, ("sql.write", "sql.read"))
    await _until(lambda: two.gateway.grants(AGENT) == (grant,))
    assert not two.gateway.grants(MAX)
    assert not two.gateway.grants(replace(AGENT, acting_for="max@example.com"))

    cut: list[str] = []
    two.gateway.hang([grant.id], cut.append)
    let_go = two.gateway.hang([grant.id], lambda why: cut.append(f"let go: {why}"))
    let_go()
    await two.console.revoke(grant.id, LENA, "enough")
    await _until(lambda: not two.gateway.grants(AGENT))
    await _until(lambda: cut == ["revoked"])
    assert await _reason(two.console.revoke(grant.id, LENA, "again")) is Reason.GRANT_REFUSED
    assert await _reason(two.console.revoke("grt-none", LENA, "x")) is Reason.NOT_FOUND
    history = await two.console.history(grant.id)
    assert [(line.state, line.why) for line in history] == [("granted", "migration"), ("revoked", "enough")]


async def test_what_cannot_be_granted(two: Two) -> None:
    """Longer than the rule allows, or where it allows none: nothing is approved by the way either."""
    asked = await two.ask()
    assert await _reason(two.yes(asked, seconds=1801)) is Reason.GRANT_REFUSED
    none = await two.ask("g", asks=(Ask(RULE),))
    assert await _reason(two.yes(none, seconds=1)) is Reason.GRANT_REFUSED
    assert {one.state for one in await two.console.queue()} == {ApprovalState.PENDING}


async def test_an_agent_asks_for_access(two: Two) -> None:
    """It becomes a grant for as long as was asked, and nothing that could be claimed."""
    asked = await _access(two)
    assert (await _access(two)).id == asked.id
    done = await two.yes(asked)
    assert (done.state, done.outcome) == (ApprovalState.USED, "granted")
    await _until(lambda: bool(two.gateway.grants(AGENT)))
    (grant,) = two.gateway.grants(AGENT)
    assert (grant.until - grant.begins, grant.approval) == (pytest.approx(900), asked.id)
    assert await two.console.granted() == [grant]
    assert [line.state for line in await two.console.history(asked.id)] == ["pending", "approved", "used"]


async def test_break_glass_takes_two(two: Two) -> None:
    """Never one, never oneself."""
    asked = await _access(two, kind=ApprovalKind.BREAK_GLASS)
    assert (await two.yes(asked)).state is ApprovalState.PENDING
    assert await _reason(two.yes(asked, ERIKA)) is Reason.VOTE_REFUSED
    assert (await two.yes(asked, LENA)).outcome == "granted"


async def test_leases(two: Two) -> None:
    """What may run once in a reply is held by one gateway, given back when it was not met, and found when it was."""
    asked = await two.ask()
    assert not await two.gateway.lease(AGENT, "warehouse")
    await two.yes(asked)
    await _until(lambda: bool(two.gateway.board.approved(AGENT, "warehouse")))
    assert not await two.gateway.lease(MAX, "warehouse")
    assert not await two.gateway.lease(replace(AGENT, acting_for=""), "warehouse")
    assert not await two.gateway.lease(AGENT, "elsewhere")
    leased = await two.gateway.lease(AGENT, "warehouse")
    assert [(one.id, one.outcome) for one in leased] == [(asked.id, "leased")]
    assert not await two.console.lease(AGENT, "warehouse")
    await two.gateway.give_back(leased)
    found = await two.gateway.get(asked.id)
    assert found is not None
    assert found.state is ApprovalState.APPROVED
    (again,) = await two.gateway.lease(AGENT, "warehouse")
    await two.gateway.finish(again.id, "ran")
    await two.gateway.give_back([again])
    found = await two.gateway.get(asked.id)
    assert found is not None
    assert (found.state, found.outcome) == (ApprovalState.USED, "ran")


async def test_a_no_takes_a_lease_back(two: Two) -> None:
    """The gateway that holds it is told at once; it comes back denied, and the yes that was widened gives nothing
    anew."""
    asked = await two.ask()
    _, grant = await two.console.grant(asked.id, MAX, seconds=60, rules=(RULE,))
    await _until(lambda: bool(two.gateway.board.approved(AGENT, "warehouse")))
    leased = await two.gateway.lease(AGENT, "warehouse")
    assert two.gateway.board.taken_back(asked.id) is None
    told = await two.console.vote(asked.id, MAX, approves=False, reason="stop", rules=(RULE,))
    assert (told.state, told.outcome) == (ApprovalState.USED, "leased")
    await _until(lambda: two.gateway.board.taken_back(asked.id) is not None)
    await two.gateway.give_back(leased)

    found = await two.gateway.get(asked.id)
    assert found is not None
    assert found.state is ApprovalState.DENIED
    assert await two.gateway.granted() == [grant]
    assert not await two.gateway.lease(AGENT, "warehouse")
    lines = [line.state for line in await two.gateway.history(asked.id)]
    assert lines == ["pending", "approved", "leased", "voted", "denied"]


async def test_a_lease_whose_place_was_taken(two: Two) -> None:
    """Asked anew while it was leased: the lease is not given back beside it, and is no longer open."""
    asked = await two.ask()
    await two.yes(asked)
    await _until(lambda: bool(two.gateway.board.approved(AGENT, "warehouse")))
    leased = await two.gateway.lease(AGENT, "warehouse")
    newer = await two.ask()
    await two.gateway.give_back(leased)

    found = await two.gateway.get(asked.id)
    assert found is not None
    assert (newer.id != asked.id, found.state, found.outcome) == (True, ApprovalState.USED, "not-needed")


async def test_own_questions_only(two: Two) -> None:
    """Somebody else's id is as good as none."""
    asked = await two.ask()
    assert await two.gateway.own(asked.id, AGENT) == asked
    assert await two.gateway.own(asked.id, MAX) is None
    assert await two.gateway.own(asked.id, replace(AGENT, acting_for="max@example.com")) is None
    assert await two.gateway.own("apr-none", AGENT) is None


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"asks": ()}, Reason.APPROVAL_UNAVAILABLE),
        ({"expires_in": 0.0}, Reason.APPROVAL_UNAVAILABLE),
        ({"expires_in": float("nan")}, Reason.APPROVAL_UNAVAILABLE),
        ({"mark": ""}, Reason.APPROVAL_UNAVAILABLE),
        ({"because": "x" * 501}, Reason.MALFORMED_REQUEST),
    ],
)
async def test_what_nobody_could_answer_is_not_asked(two: Two, members: dict[str, Any], reason: Reason) -> None:
    """It is refused, and nothing is kept."""
    assert await _reason(two.ask(**members)) is reason
    assert not await two.console.queue()


async def test_flooding(store_url: Secret) -> None:
    """Five open questions a principal, and none for a minute after a no."""
    store, clock = await open_store(store_url), Clocks()
    desk = Desk(store, clock, gateway="g")
    two = Two(desk, desk, clock)
    for number in range(5):
        await two.ask(f"f{number}")
    assert await _reason(two.ask("f5")) is Reason.APPROVALS_FULL
    assert (await two.ask("f0")).state is ApprovalState.PENDING
    assert (await two.ask("f5", requester=LENA)).state is ApprovalState.PENDING
    await two.no(await two.ask("f0"))
    assert await _reason(two.ask("f6")) is Reason.APPROVALS_COOLING
    clock.ahead = 61.0
    assert (await two.ask("f6")).state is ApprovalState.PENDING
    await store.close()


async def _access(two: Two, **members: Any) -> Approval:
    return await two.gateway.ask_grant(
        requester=AGENT, connection="warehouse", operations=["sql.write"], seconds=900.0, asks=ASKS,
        rules_digest="d", expires_in=600.0, because="a migration", **members,
    )  # fmt: skip
