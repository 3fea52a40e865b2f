"""The store keeps what it promises, on SQLite and on PostgreSQL: the same tests run on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from tests.approval.values import AGENT, ERIKA, MAX, NOW, approval, vote

from interlock.errors import Refused
from interlock.model import Approval, ApprovalState, Change, Grant, Secret
from interlock.ports import Notice
from interlock.reasons import Reason
from interlock.store.approvals import Approvals
from interlock.store.opening import open_store

GRANT = Grant(
    "grt-1", AGENT, "warehouse", ("sql.write",), ("writers-ask",), NOW, NOW + 60, (MAX,), "why", "d", "apr-1", NOW
)


@pytest.fixture
async def store(store_url: Secret) -> AsyncIterator[Approvals]:
    opened = await open_store(store_url)
    yield opened
    await opened.close()


def _change(approval: Approval, state: str = "pending", at: float = NOW) -> Change:
    return Change(approval.id, state, at, "max <https://idp.example.com>", "because")


async def _add(store: Approvals, number: int = 1, at_most: int = 100, **members: object) -> Approval:
    given = approval(**{"id": f"apr-{number}", "fingerprint": f"f{number}", **members})
    return await store.add(given, _change(given), at_most=at_most)


async def _swap(store: Approvals, before: Approval, state: ApprovalState, **members: object) -> bool:
    after = replace(before, state=state, version=before.version + 1, **members)
    return await store.swap(after, [_change(after, str(state), NOW + 1)])


async def test_what_was_added_is_read_whole(store: Approvals) -> None:
    """An approval comes back as it went in, votes, texts in every script and all."""
    given = approval(votes=(vote(),), because="für \u202e\x00 \ud800 всех", shown={"a": [1, None, "\x00"]}, unseen=True)
    added = await store.add(given, _change(given), at_most=5)

    assert added == given
    found = await store.approval(given.id)
    assert found == given
    assert (found.shown, found.votes, found.wanted) == (dict(given.shown), given.votes, dict(given.wanted))
    assert await store.current(given.fingerprint) == given
    assert [one.id for one in await store.several([given.id, "apr-none"])] == [given.id]


@pytest.mark.parametrize("id", ["", "apr-none", "x' OR 1=1 --", "a\x00b", "\ud800", "a" * 10_000, "%", "APR-1"])
async def test_unknown_ids_are_nobodys(store: Approvals, id: str) -> None:
    """Whatever is asked for as an id, nothing is found and nothing breaks."""
    await _add(store)

    assert await store.approval(id) is None
    assert await store.grant(id) is None
    assert not await store.history(id)
    assert not await store.several([id])


async def test_one_question_per_fingerprint(store: Approvals) -> None:
    """Asked again, the one that stands is given, and nothing of the second is kept."""
    first = await _add(store)
    again = await _add(store, id="apr-2")

    assert again == first
    assert await store.approval("apr-2") is None
    assert len(await store.history("apr-1")) == 1


async def test_a_question_that_is_over_makes_room(store: Approvals) -> None:
    """Once denied, the same operation may be asked about anew."""
    first = await _add(store)
    assert await _swap(store, first, ApprovalState.DENIED)
    second = await _add(store, id="apr-2")

    assert second.id == "apr-2"
    assert await store.current("f1") == second


async def test_at_most_so_many_wait(store: Approvals) -> None:
    """A principal's open questions are counted; expired ones, decided ones and others' are not."""
    await _add(store, 1, at_most=2)
    await _add(store, 2, at_most=2, expires=NOW - 1)
    await _add(store, 3, at_most=2)
    with pytest.raises(Refused) as refused:
        await _add(store, 4, at_most=2)
    assert refused.value.reason is Reason.APPROVALS_FULL

    with pytest.raises(Refused, match=Reason.APPROVALS_FULL.says):
        await store.standing("f4", AGENT, NOW, at_most=2)
    assert await store.standing("f4", AGENT, NOW, at_most=3) is None
    there = await store.standing("f1", AGENT, NOW, at_most=2)
    assert there is not None
    assert there.id == "apr-1"
    assert (await _add(store, 5, at_most=2, requester=ERIKA)).id == "apr-5"
    assert (await _add(store, 1, at_most=2)).id == "apr-1"


async def test_a_no_cools(store: Approvals) -> None:
    """Who was just denied something asks nothing new for a while; others do."""
    denied = await _add(store)
    await _swap(store, denied, ApprovalState.DENIED)
    new = approval(id="apr-2", fingerprint="f2")
    with pytest.raises(Refused) as refused:
        await store.add(new, _change(new), at_most=9, denied_since=NOW)
    assert refused.value.reason is Reason.APPROVALS_COOLING

    assert await store.add(new, _change(new), at_most=9, denied_since=NOW + 2) == new


async def test_a_change_is_made_to_what_was_read(store: Approvals) -> None:
    """Of two changes to one version the first is kept; history and notices of the second are not."""
    first = await _add(store)
    assert await _swap(store, first, ApprovalState.APPROVED)
    assert not await _swap(store, first, ApprovalState.DENIED)

    found = await store.approval(first.id)
    assert found is not None
    assert (found.state, found.version) == (ApprovalState.APPROVED, 1)
    assert [line.state for line in await store.history(first.id)] == ["pending", "approved"]


async def test_nothing_comes_back_beside_its_successor(store: Approvals) -> None:
    """A lease cannot be given back once another question about the same operation stands."""
    first = await _add(store)
    await _swap(store, first, ApprovalState.USED, outcome="leased")
    await _add(store, id="apr-2")
    used = await store.approval("apr-1")
    assert used is not None

    assert not await _swap(store, used, ApprovalState.APPROVED, outcome="")
    assert await store.approval("apr-1") == used


async def test_a_grant_is_given_with_its_approval(store: Approvals) -> None:
    """Either both are kept or none."""
    first = await _add(store)
    after = replace(first, state=ApprovalState.APPROVED, version=1)
    assert await store.swap(after, [_change(after), Change("grt-1", "granted", NOW)], grant=GRANT)
    assert not await store.swap(after, [_change(after)], grant=replace(GRANT, id="grt-2"))

    assert await store.grants(NOW) == [GRANT]
    assert await store.grant("grt-2") is None
    assert [line.state for line in await store.history("grt-1")] == ["granted"]


async def test_grants_in_force(store: Approvals) -> None:
    """Those that began, are not over and were not revoked; of one holder, where that is asked."""
    first = await _add(store)
    after = replace(first, state=ApprovalState.APPROVED, version=1)
    await store.swap(after, [_change(after)], grant=GRANT)

    assert await store.grants(NOW + 59.9, holder=AGENT) == [GRANT]
    assert not await store.grants(NOW + 60)
    assert not await store.grants(NOW - 1)
    assert not await store.grants(NOW, holder=MAX)
    ended = replace(GRANT, revoked=NOW + 1, version=1)
    assert await store.swap_grant(ended, Change("grt-1", "revoked", NOW + 1))
    assert not await store.swap_grant(ended, Change("grt-1", "revoked", NOW + 1))
    assert not await store.grants(NOW)


async def test_lists(store: Approvals) -> None:
    """Newest first, by state, by requester, so many at most; what is due is what is open and over."""
    for number in range(5):
        await _add(store, number, created=NOW + number, requester=AGENT if number % 2 else ERIKA)
    await _swap(store, await _get(store, "apr-3"), ApprovalState.APPROVED)

    assert _ids(await store.approvals()) == ["apr-4", "apr-3", "apr-2", "apr-1", "apr-0"]
    assert _ids(await store.approvals(states=[ApprovalState.PENDING], requester=AGENT)) == ["apr-1"]
    assert _ids(await store.approvals(limit=2)) == ["apr-4", "apr-3"]
    assert not await store.due(NOW + 599)
    assert sorted(_ids(await store.due(NOW + 600))) == ["apr-0", "apr-1", "apr-2", "apr-3", "apr-4"]


async def test_what_a_dead_gateway_had_in_hand(store: Approvals) -> None:
    """Used without an outcome, and nothing heard of the gateway since: lost. A sign of life, or an outcome, and not."""
    for number, outcome in enumerate(("", "leased", "done", "unknown")):
        await _swap(store, await _add(store, number), ApprovalState.USED, outcome=outcome, gateway="one/1")

    assert not await store.lost(NOW)
    assert sorted(_ids(await store.lost(NOW + 30))) == ["apr-0", "apr-1"]
    await store.beat("one/1", NOW + 20)
    await store.beat("one/1", NOW + 31)
    assert not await store.lost(NOW + 30)


async def test_notices_are_lent_and_told_once(store: Approvals) -> None:
    """A notice is one sender's for a minute; the same key is kept once a channel; what was told is not told again."""
    given = approval()
    bodies = [Notice("k", "hook", {"n": 1}, NOW), Notice("k", "chat", {"n": 2}, NOW), Notice("l", "hook", {}, NOW + 5)]
    await store.add(given, _change(given), at_most=5, notices=bodies)
    after = replace(given, state=ApprovalState.DENIED, version=1)
    await store.swap(after, [_change(after)], notices=[Notice("k", "hook", {"n": 9}, NOW)])

    lent = await store.notices(NOW, ["hook"])
    assert lent == [bodies[0]]
    assert not await store.notices(NOW + 1, ["hook"])
    assert await store.notices(NOW + 61, ["hook"], limit=1) == lent
    await store.told(lent[0], again=NOW + 100)
    assert [(one.key, one.tries) for one in await store.notices(NOW + 100, ["hook"], limit=9)] == [("l", 0), ("k", 1)]
    await store.told(lent[0])
    assert [one.key for one in await store.notices(NOW + 900, ["hook", "chat"])] == ["k", "l"]
    assert not await store.notices(NOW, [])


async def test_what_is_old_is_forgotten(store: Approvals) -> None:
    """What is over goes, with its history; what may still come to something, or runs, stays."""
    await _swap(store, await _add(store, 1), ApprovalState.DENIED)
    await _swap(store, await _add(store, 2), ApprovalState.USED, outcome="done")
    await _swap(store, await _add(store, 3), ApprovalState.USED, outcome="")
    await _add(store, 4)
    await store.forget(NOW + 2)

    assert sorted(_ids(await store.approvals())) == ["apr-3", "apr-4"]
    assert not await store.history("apr-1")
    assert await store.history("apr-3")


async def test_fifty_claims_let_one_through(store: Approvals, store_url: Secret) -> None:
    """Two gateways with fifty callers each: one of them changes the version, and there is one line of history."""
    first = await _add(store)
    await _swap(store, first, ApprovalState.APPROVED)
    approved = await _get(store, "apr-1")
    other = await open_store(store_url)

    done = await asyncio.gather(
        *(_swap(one, approved, ApprovalState.USED, gateway=str(n)) for n in range(50) for one in (store, other))
    )
    await other.close()

    assert sum(done) == 1
    assert [line.state for line in await store.history("apr-1")].count("used") == 1


async def test_races_keep_the_limit(store: Approvals, store_url: Secret) -> None:
    """However many ask at once, through whatever gateway, no more than the limit wait, and one a fingerprint."""
    other = await open_store(store_url)
    tries = [_try(one, number) for number in range(20) for one in (store, other)]
    added = [one for one in await asyncio.gather(*tries) if one is not None]
    await other.close()

    assert len(await store.approvals()) == 3
    assert len({one.id for one in added}) == 3


async def _try(store: Approvals, number: int) -> Approval | None:
    try:
        return await _add(store, number, at_most=3, id=f"apr-{number}-{id(store)}")
    except Refused:
        return None


async def _get(store: Approvals, id: str) -> Approval:
    found = await store.approval(id)
    assert found is not None
    return found


def _ids(found: Sequence[Approval]) -> list[str]:
    return [one.id for one in found]
