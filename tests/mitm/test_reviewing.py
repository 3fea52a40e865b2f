"""A permission that is to be attested passes on a gateway while somebody stands by it, and stops at once when not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.mitm.harness import PATIENCE, Running, until
from tests.mitm.people import ISSUER, People
from tests.mitm.test_approve import events, told

from interlock.access.campaigns import Campaigns
from interlock.engine.stores import store_url
from interlock.errors import Refused
from interlock.model import Campaign, Principal, Scope, Word
from interlock.recording.review_log import ReviewLog
from interlock.store.opening import open_reviews
from interlock.store.reviews import Reviews

POLICY = """
  - id: kept
    permit: ["http.post /kept/**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    attest: {every: 90d, by: {from: demo, groups: [owner]}, overdue: forbid}
  - id: asked
    permit: ["http.post /asked/**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    attest: {every: 90d, by: {from: demo, groups: [reviewer]}, overdue: review}
"""
OWNER = Principal("demo", ISSUER, "olga", groups=frozenset({"owner", "reviewer"}))


@dataclass
class Reviewers:
    """Who attest, as a console would."""

    gateway: Running
    store: Reviews

    @property
    def campaigns(self) -> Campaigns:
        """Of the gateway's store, with its evidence."""
        clock = self.gateway.services.clock
        return Campaigns(self.store, clock, ReviewLog(self.gateway.recordings, clock).add)

    async def open(self, *items: tuple[str, Scope]) -> Campaign:
        """A campaign about these, seen by the gateway."""
        found = await self.campaigns.open(self.gateway.services.rules, OWNER, title="x", items=items)
        await self.seen(found.items[-1].rule)
        return found

    async def say(self, campaign: Campaign, rule: str, word: Word, only: tuple[str, ...] = ()) -> None:
        """One word about everything of a rule."""
        for item in campaign.items:
            if item.rule == rule:
                rules = self.gateway.services.rules
                await self.campaigns.attest(rules, campaign.id, item.id, OWNER, word, "because", only)

    async def seen(self, rule: str) -> None:
        """Once the gateway knows of it."""
        await until(lambda: rule in (self.gateway.services.reviewing.known() or {}))


@pytest.fixture
async def reviewers(gateway: Running) -> AsyncIterator[Reviewers]:
    store = await open_reviews(store_url(gateway.services.rules))
    yield Reviewers(gateway, store)
    await store.close()


async def test_from_nothing_to_revoked(gateway, reviewers, agent, upstream, url) -> None:
    """Overdue, asked about, kept, narrowed, revoked: each word counts with the next request."""

    async def reason(path: str = "/kept/a") -> str:
        answer = await agent.post(url("docs", path), json={})
        return "" if answer.status_code == 200 else told(answer)["reason"]

    first = await agent.post(url("docs", "/kept/a"), json={})
    assert (first.status_code, told(first)["reason"]) == (403, "access-overdue")
    assert "ask from demo, groups owner" in told(first)["detail"]
    campaign = await reviewers.open(("kept", Scope()))
    assert await reason() == ""
    await reviewers.say(campaign, "kept", Word.KEEP)
    assert await reason() == ""
    await reviewers.say(campaign, "kept", Word.NARROW, ("http.post /kept/b",))
    await until(lambda: gateway.services.reviewing.known()["kept"][Scope()].word is Word.NARROW)
    assert (await reason(), await reason("/kept/b")) == ("access-revoked", "")
    await reviewers.say(campaign, "kept", Word.REVOKE)
    await until(lambda: gateway.services.reviewing.known()["kept"][Scope()].word is Word.REVOKE)
    assert await reason("/kept/b") == "access-revoked"
    assert len(upstream.seen) == 3
    told_of = [event["data"] for event in gateway.events() if event["kind"] == "access-review"]
    assert [data.get("word") for data in told_of] == [None, "keep", "narrow", "revoke"]


async def test_what_runs_by_a_revoked_permission_ends(gateway, reviewers, upstream, url) -> None:
    """While it waits for its answer, and it is told why; for whom it was revoked, and for nobody else."""
    sent = asyncio.Semaphore(0)

    async def slow(seen: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sent.release()
        await reader.read()

    campaign = await reviewers.open(("kept", Scope()), ("kept", Scope(ISSUER, "erika")))
    upstream.reply = slow
    async with gateway.forward(gateway.token()) as hers, gateway.forward(gateway.token(subject="max")) as his:
        waiting = [asyncio.create_task(one.post(url("docs", "/kept/a"), json={})) for one in (hers, his)]
        for _ in waiting:
            await sent.acquire()
        item = campaign.items[1].id
        rules = gateway.services.rules
        await reviewers.campaigns.attest(rules, campaign.id, item, OWNER, Word.REVOKE, "left the team")
        said = told(await asyncio.wait_for(waiting[0], PATIENCE))
        assert (said["reason"], "access-revoked" in said["detail"]) == ("permission-ended", True)
        assert not waiting[1].done()
        waiting[1].cancel()
        await asyncio.gather(waiting[1], return_exceptions=True)
    cut = [data for data in events(gateway, "access-review") if "state" in data]
    assert [(data["state"], data["rules"]) for data in cut] == [("access-revoked", ["kept"])]


async def test_an_overdue_permission_may_ask(gateway, reviewers, upstream, url) -> None:
    """With `overdue: review` those who could attest it decide every request."""
    people = People(gateway)
    async with gateway.forward(gateway.token()) as client:
        waiting = asyncio.create_task(client.post(url("docs", "/asked/a"), json={}))
        question = (await people.asked())[0]
        assert [ask.rule for ask in question.asks] == ["asked"]
        assert not upstream.seen
        await people.decide(question)
        assert (await waiting).status_code == 200
        await reviewers.open(("asked", Scope()))
        assert (await client.post(url("docs", "/asked/b"), json={})).status_code == 200
    decision = events(gateway, "decision")
    assert [(data["reason"], data["rule"]) for data in decision] == [("approved", "asked"), ("permitted", "asked")]


async def test_without_the_store_nobody_stands_by_anything(gateway, reviewers, agent, url, monkeypatch) -> None:
    """What is attested is refused, what needs no review goes on, and it comes back with the store."""
    await reviewers.open(("kept", Scope()))
    assert (await agent.post(url("docs", "/kept/a"), json={})).status_code == 200

    async def broken(*_: Any, **__: Any) -> Any:
        raise OSError("gone")

    store = gateway.services.reviewing._board._store
    whole = store.stamp
    monkeypatch.setattr(store, "stamp", broken)
    gateway.clock.ahead += 2.5
    assert told(await agent.post(url("docs", "/kept/a"), json={}))["reason"] == "access-unknown"
    assert (await agent.get(url("docs"))).status_code == 200
    monkeypatch.setattr(store, "stamp", whole)
    await until(lambda: gateway.services.reviewing.known() is not None)
    assert (await agent.post(url("docs", "/kept/a"), json={})).status_code == 200


async def test_a_store_that_cannot_be_opened_is_tried_again(start: Any, tmp_path: Any, url: Any) -> None:
    """The gateway starts and refuses what has to be attested; rules without that open no store."""
    blocked = tmp_path / "recordings" / "approvals.sqlite"
    blocked.mkdir(parents=True)
    async with start(rules={"policy": POLICY}) as gateway, gateway.forward(gateway.token()) as client:
        assert told(await client.post(url("docs", "/kept/a"), json={}))["reason"] == "access-unknown"
        blocked.rmdir()
        await until(lambda: gateway.services.reviewing.known() is not None)
        assert told(await client.post(url("docs", "/kept/a"), json={}))["reason"] == "access-overdue"
    async with start(rules={}) as plain:
        assert not plain.services.reviewing.wanted
        assert plain.services.reviewing.known() is None


async def test_a_campaign_comes_again_by_itself(gateway, reviewers) -> None:
    """The gateway opens it by its cadence, and says so in the evidence."""
    rules, services = gateway.services.rules, gateway.services
    await reviewers.campaigns.open(rules, OWNER, title="Monthly", cadence=30 * 86400.0)
    gateway.clock.ahead += 30 * 86400.0
    await services.reviewing._renew()

    assert [one.title for one in await reviewers.campaigns.list()] == ["Monthly", "Monthly"]
    assert [data["what"] for data in events(gateway, "access-review")] == ["opened", "renewed"]


async def test_who_has_it_does_not_attest_it(gateway, reviewers) -> None:
    """A reader who owns things too is refused for their own access."""
    campaign = await reviewers.open(("kept", Scope()))
    reader = Principal("demo", ISSUER, "erika", groups=frozenset({"owner", "reader"}))
    with pytest.raises(Refused, match="their own access"):
        await reviewers.campaigns.attest(
            gateway.services.rules, campaign.id, campaign.items[0].id, reader, Word.KEEP, "mine"
        )
