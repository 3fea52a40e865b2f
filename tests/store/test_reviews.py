"""The store of access reviews keeps what it promises, on SQLite and on PostgreSQL: the same tests run on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import update
from tests.approval.values import ERIKA, MAX, NOW

from interlock.model import (
    Attestation,
    Campaign,
    CampaignState,
    Change,
    Permission,
    ReviewRecord,
    Scope,
    Secret,
    Word,
)
from interlock.store.approvals import Approvals
from interlock.store.engine import open_database
from interlock.store.opening import open_reviews
from interlock.store.reviews import Reviews
from interlock.store.tables import REVIEWS

READ = Permission("analysts-read", "a" * 64)
HERS = Permission("analysts-read", "a" * 64, Scope("https://idp.example.com", "agent-7"))
CAMPAIGN = Campaign("cmp-1", "Q3 \u202e für всех", NOW, NOW + 86400, MAX, (READ, HERS), ("dba",), 90 * 86400.0)
RECORD = ReviewRecord(READ, asked=NOW, due=NOW + 86400, campaign="cmp-1", version=1)


@pytest.fixture
async def store(store_url: Secret) -> AsyncIterator[Reviews]:
    opened = await open_reviews(store_url)
    yield opened
    await opened.close()


def _change(subject: str, state: str = "opened") -> Change:
    return Change(subject, state, NOW, "max <https://idp.example.com>", "because")


async def _open(store: Reviews) -> None:
    assert await store.write([_change("cmp-1"), _change(RECORD.id, "asked")], campaign=CAMPAIGN, records=[RECORD])


async def test_what_was_written_is_read_whole(store: Reviews) -> None:
    """Campaign, record and attestation come back as they went in, texts in every script and all."""
    await _open(store)
    said = Attestation("cmp-1", READ, Word.NARROW, ERIKA, NOW + 1, "nur \x00 lesen \ud800", ("sql.read",))
    after = replace(RECORD, word=Word.NARROW, by=ERIKA, at=NOW + 1, only=("sql.read",), due=0.0, version=2)
    assert await store.write([_change(READ.id, "narrow")], records=[after], attestations=[said])

    assert await store.campaign("cmp-1") == CAMPAIGN
    assert await store.campaigns() == [CAMPAIGN]
    assert await store.records() == [after]
    assert await store.records([READ.id, HERS.id]) == [after]
    assert await store.attestations("cmp-1") == [said]
    assert [line.state for line in await store.history(READ.id)] == ["asked", "narrow"]


async def test_a_change_is_made_to_what_was_read(store: Reviews) -> None:
    """Of two changes to one version the first is kept; nothing that came with the second is."""
    await _open(store)
    first = replace(RECORD, word=Word.KEEP, by=MAX, at=NOW + 1, version=2)
    second = replace(first, word=Word.REVOKE, by=ERIKA)
    assert await store.write([_change(READ.id, "keep")], records=[first])
    said = Attestation("cmp-1", READ, Word.REVOKE, ERIKA, NOW)
    closed = replace(CAMPAIGN, state=CampaignState.CLOSED, version=2)
    assert not await store.write([_change(READ.id)], campaign=closed, records=[second], attestations=[said])

    assert await store.records() == [first]
    assert await store.campaign("cmp-1") == CAMPAIGN
    assert not await store.attestations("cmp-1")
    assert not await store.write([], campaign=CAMPAIGN)


async def test_a_word_is_kept_while_its_campaign_stands(store: Reviews) -> None:
    """A campaign that is another one by now, or none, takes no word; one that is only read stays as it is."""
    await _open(store)
    after = replace(RECORD, word=Word.KEEP, by=MAX, at=NOW + 1, version=2)
    closed = replace(CAMPAIGN, state=CampaignState.CLOSED, version=2)
    assert not await store.write([_change(READ.id)], records=[after], stands=closed)
    assert not await store.write([_change(READ.id)], records=[after], stands=replace(CAMPAIGN, id="cmp-2"))
    assert await store.write([_change(READ.id)], records=[after], stands=CAMPAIGN)
    assert await store.write([_change("cmp-1", "closed")], campaign=closed)
    assert not await store.write([_change(READ.id)], records=[replace(after, version=3)], stands=CAMPAIGN)
    assert await store.records() == [after]


async def test_of_many_at_once_one_is_first(store: Reviews) -> None:
    """Eight write the same version: one is kept, and seven are told that theirs was not."""
    await _open(store)
    words = [replace(RECORD, word=Word.KEEP, reason=str(number), at=NOW, version=2) for number in range(8)]
    kept = await asyncio.gather(*(store.write([_change(READ.id, "keep")], records=[word]) for word in words))

    assert sorted(kept) == [False] * 7 + [True]
    assert (await store.records())[0].reason == str(kept.index(True))


async def test_every_change_shows_in_the_stamp(store: Reviews) -> None:
    """Whoever compares stamps misses nothing: a new record and a new version change it, reading does not."""
    stamps = [await store.stamp()]
    await _open(store)
    stamps.append(await store.stamp())
    assert await store.write([_change(READ.id)], records=[replace(RECORD, word=Word.KEEP, version=2)])
    stamps.append(await store.stamp())
    await store.records()

    assert len(set(stamps)) == 3
    assert await store.stamp() == stamps[-1]


async def test_changes_are_told(store: Reviews, store_url: Secret) -> None:
    """Another process hears at once what changed."""
    other = await open_reviews(store_url)
    feed = other.changes()
    assert await anext(feed) == ""
    await _open(store)
    heard = {await asyncio.wait_for(anext(feed), 5) for _ in range(2)}
    await feed.aclose()
    await other.close()

    assert heard == {"cmp-1", READ.id}


@pytest.mark.parametrize("id", ["", "cmp-none", "x' OR 1=1 --", "a\x00b", "\ud800", "a" * 10_000, "%"])
async def test_unknown_ids_are_nobodys(store: Reviews, id: str) -> None:
    """Whatever is asked for as an id, nothing is found and nothing breaks."""
    await _open(store)

    assert await store.campaign(id) is None
    assert not await store.records([id])
    assert not await store.attestations(id)
    assert not await store.history(id)


async def test_many_are_written_and_told_at_once(store: Reviews, store_url: Secret) -> None:
    """A campaign of five hundred permissions is one step; who listens is told to read everything."""
    items = tuple(Permission("analysts-read", "a" * 64, Scope("issuer", f"agent-{number}")) for number in range(500))
    records = [ReviewRecord(item, asked=NOW, due=NOW + 1, campaign="cmp-1", version=1) for item in items]
    changes = [_change(one.id, "asked") for one in records]
    assert await store.write(changes, campaign=replace(CAMPAIGN, items=items), records=records)

    assert len(await store.records()) == 500
    assert await store.stamp() == (500, 500)


async def test_what_cannot_be_read_is_no_permission(store: Reviews, store_url: Secret) -> None:
    """A record that somebody broke makes the store unusable, instead of being passed over."""
    await _open(store)
    database = open_database(store_url)

    async def work(connection: object) -> None:
        await connection.execute(update(REVIEWS).values(document='{"word":"keep"}'))  # type: ignore[attr-defined]

    await database.run(work, write=True)
    await database.close()
    with pytest.raises(OSError, match="cannot be read"):
        await store.records()


async def test_history_outlives_that_of_approvals(store: Reviews, store_url: Secret) -> None:
    """What is dropped of approvals after a while leaves the history of reviews alone."""
    await _open(store)
    approvals = Approvals(open_database(store_url))
    await approvals.forget(NOW + 1000)
    await approvals.close()

    assert len(await store.history(READ.id)) == 1
