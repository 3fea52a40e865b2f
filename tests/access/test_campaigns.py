"""Campaigns ask until a date; people stand by permissions or take them away; everything is in store and evidence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.access.values import AGENT, DBA, ISSUER, NOW, OTHER_DBA, RULES, Log, ManualClock, rules_in, who

from interlock.access.campaigns import DUE, Campaigns
from interlock.approval.bringing import Bringing
from interlock.engine.rules import Rules
from interlock.errors import Refused
from interlock.model import CampaignState, Permission, Scope, Secret, Word
from interlock.policy import Context
from interlock.policy.context import Reviewed
from interlock.policy.standing import lapse
from interlock.reasons import Reason
from interlock.recording.reading import read_lines
from interlock.recording.review_log import ReviewLog, bring
from interlock.store.journal import StoreJournal
from interlock.store.opening import open_reviews
from interlock.store.reviews import Reviews

DAY = 86400.0


@dataclass
class World:
    """A store, its campaigns, and the rules."""

    folder: Path
    store: Reviews
    clock: ManualClock
    log: Log
    campaigns: Campaigns
    rules: Rules

    async def known(self) -> Reviewed:
        """The records as a gateway has them."""
        found: dict[str, dict[Scope, object]] = {}
        for record in await self.store.records():
            found.setdefault(record.permission.rule, {})[record.permission.scope] = record
        return found  # type: ignore[return-value]

    async def lapse(self, rule: str = "analysts-read", principal: object = AGENT) -> str:
        """Why the rule gives nothing now; empty while it does."""
        context = Context(principal, "warehouse", now=self.clock.now(), reviews=await self.known())  # type: ignore[arg-type]
        found = lapse(self.rules.policy.named[rule], context)
        return str(found[0]) if found else ""


@pytest.fixture
async def world(store_url: Secret, tmp_path: Path) -> AsyncIterator[World]:
    store, clock, log = await open_reviews(store_url), ManualClock(), Log()
    yield World(tmp_path, store, clock, log, Campaigns(store, clock, log), rules_in(tmp_path))
    await store.close()


async def _refused(work: object) -> str:
    with pytest.raises(Refused) as refused:
        await work  # type: ignore[misc]
    assert refused.value.reason in (Reason.VOTE_REFUSED, Reason.NOT_FOUND)
    return str(refused.value)


async def test_a_review_from_asking_to_overdue(world: World) -> None:
    """Nothing before it is asked about; in time while it is asked; kept for ninety days; then overdue again."""
    assert await world.lapse() == "access-overdue"
    campaign = await world.campaigns.open(world.rules, DBA, title="Third quarter")
    assert [item.rule for item in campaign.items] == ["analysts-read", "writers-ask"]
    assert campaign.due == NOW + DUE
    assert await world.lapse() == ""

    one = campaign.items[0]
    world.clock.time += DAY
    record = await world.campaigns.attest(world.rules, campaign.id, one.id, DBA, Word.KEEP, "used daily")
    assert (record.word, record.due, record.at) == (Word.KEEP, 0.0, NOW + DAY)
    world.clock.time += 90 * DAY - 1
    assert await world.lapse() == ""
    assert await world.lapse("writers-ask") == "access-overdue"
    world.clock.time += 1
    assert await world.lapse() == "access-overdue"


async def test_everything_is_in_history_and_evidence(world: World) -> None:
    """Who said what, when and why; the evidence first."""
    campaign = await world.campaigns.open(world.rules, DBA, title="Third quarter")
    one = campaign.items[0]
    await world.campaigns.attest(world.rules, campaign.id, one.id, DBA, Word.NARROW, " only\n reads ", ["sql.read"])
    await world.campaigns.close(campaign.id, OTHER_DBA, "done")

    assert [(event["what"], event.get("word")) for event in world.log] == [
        ("opened", None), ("attested", "narrow"), ("closed", None),
    ]  # fmt: skip
    assert world.log[1]["why"] == "only reads"
    assert world.log[1]["by"] == {"subject": DBA.subject, "issuer": ISSUER}
    history = await world.store.history(one.id)
    assert [(line.state, line.by) for line in history] == [
        ("asked", f"{DBA.subject} <{ISSUER}>"), ("narrow", f"{DBA.subject} <{ISSUER}>"),
    ]  # fmt: skip
    assert [line.state for line in await world.store.history(campaign.id)] == ["opened", "closed"]
    assert [said.word for said in await world.store.attestations(campaign.id)] == [Word.NARROW]


@pytest.mark.parametrize(
    ("principal", "says"),
    [
        (AGENT, "its rule names others"),
        (who("eve", "audit"), "its rule names others"),
        (who("max", "dba", "analyst"), "nobody attests their own access"),
        (who("max", "dba", issuer="https://other.example.com"), ""),
        (DBA, ""),
    ],
)
async def test_who_may(world: World, principal: object, says: str) -> None:
    """Whom the rule names under `attest: by:`, and never who has the access themself."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    work = world.campaigns.attest(world.rules, campaign.id, campaign.items[0].id, principal, Word.KEEP, "why")  # type: ignore[arg-type]
    if says:
        assert says in await _refused(work)
    else:
        assert (await work).word is Word.KEEP


async def test_never_for_oneself(world: World) -> None:
    """A review of one principal is not theirs, by whatever name of theirs the token knows them."""
    mine = Scope("https://agents.example.com", "MAX@example.com")
    campaign = await world.campaigns.open(world.rules, DBA, title="x", items=[("analysts-read", mine)])
    for person, says in ((DBA, "nobody attests their own access"), (OTHER_DBA, "")):
        items = await world.campaigns.items(world.rules, campaign, person)
        assert items[0].refused == says


async def test_a_group_is_not_attested_from_within(world: World) -> None:
    """Neither is a group's access by one of its members whom the rule speaks about."""
    group = [("analysts-read", Scope(group="analyst"))]
    campaign = await world.campaigns.open(world.rules, DBA, title="x", items=group)
    inside = who("max", "dba", "analyst")

    assert (await world.campaigns.items(world.rules, campaign, inside))[0].refused
    assert not (await world.campaigns.items(world.rules, campaign, DBA))[0].refused
    assert (await world.campaigns.items(world.rules, campaign))[0].refused == "nobody is signed in"


async def test_a_campaign_may_ask_fewer(world: World) -> None:
    """Groups of a campaign narrow who is asked, and widen nothing."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x", groups=["audit"])
    item = campaign.items[0].id

    assert "asks others" in await _refused(
        world.campaigns.attest(world.rules, campaign.id, item, DBA, Word.KEEP, "why")
    )
    assert (await world.campaigns.attest(world.rules, campaign.id, item, OTHER_DBA, Word.KEEP, "why")).word is Word.KEEP


@pytest.mark.parametrize(
    ("word", "reason", "only", "says"),
    [
        (Word.KEEP, " ", [], "say why"),
        (Word.KEEP, "\u200b\u2060 \u3164\u2800", [], "say why"),
        (Word.KEEP, "x" * 501, [], "at most 500"),
        (Word.KEEP, "why", ["sql.read"], "leaves nothing to name"),
        (Word.NARROW, "why", [], "needs 1 to 50"),
        (Word.NARROW, "why", ["sql.raed"], "no action"),
        (Word.NARROW, "why", ["a"] * 3, "is not an operation"),
        (Word.REVOKE, "", [], "say why"),
    ],
)
async def test_words_make_sense(world: World, word: Word, reason: str, only: list[str], says: str) -> None:
    """A word has a reason; narrow names what is left, as rules write it; nothing else is kept."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    work = world.campaigns.attest(world.rules, campaign.id, campaign.items[0].id, DBA, word, reason, only)

    assert says in await _refused(work)
    assert not await world.store.attestations(campaign.id)


async def test_a_changed_rule_is_attested_anew(world: World) -> None:
    """A yes to what a rule meant is none to what it means now; what was revoked stays so until kept anew."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    one, two = campaign.items
    await world.campaigns.attest(world.rules, campaign.id, one.id, DBA, Word.KEEP, "why")
    await world.campaigns.attest(world.rules, campaign.id, two.id, DBA, Word.REVOKE, "nobody needs it")
    assert await world.lapse() == ""
    text = RULES.replace("permit: [sql.read]", 'permit: ["sql.*"]').replace("review: [sql.write]", 'review: ["sql.*"]')
    world.rules = rules_in(world.folder, text)

    assert await world.lapse() == "access-overdue"
    assert await world.lapse("writers-ask") == "access-revoked"
    assert [item.changed for item in await world.campaigns.items(world.rules, campaign, DBA)] == [True, True]
    kept = world.campaigns.attest(world.rules, campaign.id, one.id, DBA, Word.KEEP, "why")
    assert "changed since the campaign" in await _refused(kept)
    again = await world.campaigns.open(world.rules, DBA, title="y")
    assert await world.lapse() == ""
    assert await world.lapse("writers-ask") == "access-revoked"
    await world.campaigns.attest(world.rules, again.id, two.id, DBA, Word.KEEP, "needed after all")
    assert await world.lapse("writers-ask") == ""


async def test_asking_again_puts_nothing_off(world: World) -> None:
    """Who opens one campaign after the other gains no time."""
    first = await world.campaigns.open(world.rules, DBA, title="x", due=NOW + DAY)
    world.clock.time += DAY - 1
    await world.campaigns.open(world.rules, DBA, title="y")
    assert await world.lapse() == ""
    world.clock.time += 1
    assert await world.lapse() == "access-overdue"
    await world.campaigns.close(first.id, DBA, "too late")
    await world.campaigns.open(world.rules, DBA, title="z")
    assert await world.lapse() == "access-overdue"


async def test_one_principal_is_revoked(world: World) -> None:
    """And nobody else."""
    hers = [("analysts-read", Scope()), ("analysts-read", Scope(ISSUER, "agent-7"))]
    campaign = await world.campaigns.open(world.rules, DBA, title="x", items=hers)
    await world.campaigns.attest(world.rules, campaign.id, campaign.items[0].id, DBA, Word.KEEP, "why")
    await world.campaigns.attest(world.rules, campaign.id, campaign.items[1].id, DBA, Word.REVOKE, "left the team")

    assert await world.lapse() == "access-revoked"
    assert await world.lapse(principal=who("agent-8", "analyst")) == ""


async def test_one_of_everyone_is_revoked(world: World) -> None:
    """A campaign that asks about a rule for everyone hears a word about one of them; everyone else keeps it."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x", items=[("analysts-read", Scope())])
    everyone, agent = campaign.items[0], Permission("analysts-read", scope=Scope(AGENT.issuer, AGENT.subject))
    said = (world.rules, campaign.id, agent.id, DBA, Word.REVOKE, "retired")
    assert "does not ask about that" in await _refused(world.campaigns.attest(*said))
    other = Permission("writers-ask", scope=agent.scope)
    wrong = world.campaigns.attest(world.rules, campaign.id, other.id, DBA, Word.REVOKE, "no", about=other)
    assert "does not ask about that" in await _refused(wrong)

    await world.campaigns.attest(world.rules, campaign.id, everyone.id, DBA, Word.KEEP, "used daily")
    record = await world.campaigns.attest(*said, about=agent)
    assert (record.permission, record.word) == (replace(everyone, scope=agent.scope), Word.REVOKE)
    assert await world.lapse() == "access-revoked"
    items = await world.campaigns.items(world.rules, campaign, DBA)
    assert [(item.permission.scope, item.said and item.said.word) for item in items] == [
        (Scope(), Word.KEEP), (agent.scope, Word.REVOKE),
    ]  # fmt: skip

    await world.campaigns.attest(*said[:4], Word.KEEP, "by mistake")  # now it has been spoken about
    assert await world.lapse() == ""


async def test_a_closed_campaign_asks_nobody(world: World) -> None:
    """Nobody attests in it, and it is closed once."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    closed = await world.campaigns.close(campaign.id, DBA, "by mistake")

    assert (closed.state, closed.why) == (CampaignState.CLOSED, "by mistake")
    work = world.campaigns.attest(world.rules, campaign.id, campaign.items[0].id, DBA, Word.KEEP, "why")
    assert "is closed" in await _refused(work)
    assert "closed already" in await _refused(world.campaigns.close(campaign.id, DBA, "again"))
    assert "no such campaign" in await _refused(world.campaigns.get("cmp-none"))


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"title": " "}, "needs a title"),
        ({"due": NOW}, "within 92 days"),
        ({"due": NOW + 93 * DAY}, "within 92 days"),
        ({"cadence": DAY}, "before this one is due"),
        ({"items": [("payslips", Scope())]}, "no rule that is attested"),
        ({"items": [("unknown", Scope())]}, "no rule that is attested"),
        ({"items": [("analysts-read", Scope(ISSUER, str(n))) for n in range(501)]}, "500 permissions at most"),
    ],
)
async def test_what_is_no_campaign(world: World, members: dict[str, object], says: str) -> None:
    """Only what people's words would change is asked about, and in a time that can be kept."""
    assert says in await _refused(world.campaigns.open(world.rules, DBA, **{"title": "x", **members}))  # type: ignore[arg-type]


async def test_rules_without_attest_have_no_campaigns(world: World, tmp_path: Path) -> None:
    """There is nothing to ask about."""
    plain = "\n".join(line for line in RULES.splitlines() if "attest:" not in line)
    assert "no rule is to be attested" in await _refused(
        world.campaigns.open(rules_in(tmp_path, plain), DBA, title="x")
    )


async def test_the_next_campaign_opens_by_itself(world: World) -> None:
    """Once after its cadence, however many look; with the rules as they mean then."""
    first = await world.campaigns.open(world.rules, DBA, title="Quarterly", cadence=90 * DAY)
    assert not await world.campaigns.renew(world.rules)
    world.clock.time += 90 * DAY
    renewed = await asyncio.gather(*(world.campaigns.renew(world.rules) for _ in range(5)))

    assert sorted(len(one) for one in renewed) == [0, 0, 0, 0, 1]
    newest = (await world.campaigns.list())[0]
    assert (newest.follows, newest.title, newest.due) == (first.id, "Quarterly", NOW + 90 * DAY + DUE)
    assert not await world.campaigns.renew(world.rules)


async def test_two_words_at_once(world: World) -> None:
    """Both are kept in the history, and the record holds one of them."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    one = campaign.items[0].id
    words = [(DBA, Word.KEEP), (OTHER_DBA, Word.REVOKE)]
    await asyncio.gather(
        *(world.campaigns.attest(world.rules, campaign.id, one, who, word, "why") for who, word in words)
    )

    said = await world.store.attestations(campaign.id)
    assert {each.word for each in said} == {Word.KEEP, Word.REVOKE}
    assert (await world.store.records([one]))[0].word is said[-1].word


async def test_a_word_that_comes_as_the_campaign_closes_is_none(world: World) -> None:
    """Between reading the campaign and keeping the word it is closed: the word counts nowhere, and is told so."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    one, loop = campaign.items[0].id, asyncio.get_running_loop()

    def slow(data: object) -> str:
        if isinstance(data, dict) and data.get("what") == "attested":
            closing = world.campaigns.close(campaign.id, OTHER_DBA, "done")
            asyncio.run_coroutine_threadsafe(closing, loop).result(60)
        return world.log(data)

    hasty = Campaigns(world.store, world.clock, slow)
    says = await _refused(hasty.attest(world.rules, campaign.id, one, DBA, Word.KEEP, "why"))
    assert "the campaign is closed" in says
    assert (await world.store.records([one]))[0].word is None
    assert not await world.store.attestations(campaign.id)
    assert [entry.get("why") for entry in world.log][-1] == "somebody was first"


async def test_what_was_said_since_is_read_first(world: World) -> None:
    """A yes by a page that was read before somebody revoked it brings nothing back; nothing is said twice."""
    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    one, attest = campaign.items[0].id, world.campaigns.attest
    (shown,) = await world.store.records([one])
    await attest(world.rules, campaign.id, one, OTHER_DBA, Word.REVOKE, "left", seen=shown.version)
    says = await _refused(attest(world.rules, campaign.id, one, DBA, Word.KEEP, "daily", seen=shown.version))
    assert "somebody said something about it meanwhile" in says
    await _refused(attest(world.rules, campaign.id, one, OTHER_DBA, Word.REVOKE, "left", seen=shown.version))
    (found,) = await world.store.records([one])
    assert (found.word, len(await world.store.attestations(campaign.id))) == (Word.REVOKE, 1)
    assert (await attest(world.rules, campaign.id, one, DBA, Word.KEEP, "back", seen=found.version)).word is Word.KEEP


async def test_nothing_changes_without_evidence(world: World) -> None:
    """Where the evidence cannot be written, nothing is opened or attested."""

    def full(data: object) -> str:
        raise Refused(Reason.RECORDING_UNAVAILABLE)

    campaign = await world.campaigns.open(world.rules, DBA, title="x")
    broken = Campaigns(world.store, world.clock, full)
    for work in (
        broken.open(world.rules, DBA, title="y"),
        broken.attest(world.rules, campaign.id, campaign.items[0].id, DBA, Word.KEEP, "why"),
        broken.close(campaign.id, DBA, "why"),
    ):
        with pytest.raises(Refused) as refused:
            await work
        assert refused.value.reason is Reason.RECORDING_UNAVAILABLE
    assert len(await world.campaigns.list()) == 1
    assert not await world.store.attestations(campaign.id)


async def test_without_recordings_some_gateway_writes_it(world: World, tmp_path: Path) -> None:
    """At a console on another machine what people say goes with the change that it made, and is written once."""
    away = Campaigns(world.store, world.clock, ReviewLog(tmp_path / "nowhere", world.clock).add_here)
    campaign = await away.open(world.rules, DBA, title="x")
    await away.attest(world.rules, campaign.id, campaign.items[0].id, DBA, Word.REVOKE, "gone")
    assert not (tmp_path / "nowhere").exists()
    journal = StoreJournal(world.store._database)
    bringing = Bringing(journal, bring(tmp_path / "here", world.clock), "gateway", world.clock)
    assert (await bringing.once(), await bringing.once()) == (2, 0)
    lines = [line.event.data for line in read_lines(tmp_path / "here/reviews.jsonl") if line.event][1:]
    assert [(one["what"], "log" in one) for one in lines] == [("opened", False), ("attested", False)]
    assert [one.state for one in await world.store.history(campaign.id)] == ["opened"]
