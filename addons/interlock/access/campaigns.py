"""Campaigns of access reviews: permissions are asked about until a date, and people stand by them or take them away.

Whatever changes is in the evidence first, and then in the store with its history, or it has not changed. Everything
raises OSError when the store cannot be used (nothing was promised then), and Refused when it may not be.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from interlock.access.asking import Item, asked, attested, is_attested, permissions, spoken_of
from interlock.access.evidence import attested_event, campaign_event, carried
from interlock.access.reviewers import why_not
from interlock.access.wording import checked, short
from interlock.approval.people import named
from interlock.approval.questions import new_id
from interlock.engine.rules import Rules
from interlock.errors import Refused
from interlock.model import (
    JSON,
    Attestation,
    Campaign,
    CampaignState,
    Change,
    Permission,
    Principal,
    ReviewRecord,
    Scope,
    Word,
    person,
)
from interlock.ports import Clock
from interlock.ports_reviews import ReviewStore
from interlock.reasons import Reason

__all__ = ["DUE", "Campaigns", "Item"]

DUE = 14 * 86400.0
"""Seconds until a campaign is due, where nobody says when."""

_LONGEST = 92 * 86400.0
_TRIES = 25

type Log = Callable[[Mapping[str, JSON]], str]
"""Writes one event of the evidence, or raises Refused; it may block."""


class Campaigns:
    """The campaigns of a store. `log` writes the evidence (`recording.review_log.ReviewLog.add`)."""

    def __init__(self, store: ReviewStore, clock: Clock, log: Log) -> None:
        self._store = store
        self._clock = clock
        self._log = log

    async def list(self, limit: int = 200) -> Sequence[Campaign]:
        """Newest first."""
        return await self._store.campaigns(limit=limit)

    async def get(self, id: str) -> Campaign:
        """One of them. Raises Refused (NOT_FOUND)."""
        found = await self._store.campaign(id)
        if found is None:
            raise Refused(Reason.NOT_FOUND, "there is no such campaign", hint="interlock access campaign lists them")
        return found

    async def items(self, rules: Rules, campaign: Campaign, who: Principal | None = None) -> tuple[Item, ...]:
        """What a campaign asks about, and about whom else something was said in it, as it stands by the rules in force,
        and for the person who looks.
        """
        now = self._clock.now()
        said = {one.permission.id: one for one in await self._store.attestations(campaign.id)}
        others = (one.permission for one in said.values() if campaign.item(one.permission.id) is None)
        about = (*campaign.items, *others)
        records = {record.id: record for record in await self._store.records([one.id for one in about])}
        found = []
        for one in about:
            rule, record = rules.policy.named.get(one.rule), records.get(one.id)
            every = rule.attest.every if rule is not None and rule.attest is not None else 0.0
            meaning = rule.meaning if rule is not None else ""
            stands = record is not None and record.word is not Word.REVOKE and record.in_time(meaning, every, now)
            found.append(
                Item(
                    permission=one,
                    record=record,
                    said=said.get(one.id),
                    changed=meaning != one.meaning,
                    refused="nobody is signed in" if who is None else why_not(rules, campaign, one, who, now),
                    until=record.until(every) if record is not None and stands else 0.0,
                )
            )
        return tuple(found)

    async def open(
        self,
        rules: Rules,
        by: Principal,
        *,
        title: str,
        items: Sequence[tuple[str, Scope]] = (),
        due: float = 0.0,
        cadence: float = 0.0,
        groups: Sequence[str] = (),
    ) -> Campaign:
        """A new campaign about these rules and scopes (default: every rule with `attest:`, for everyone it names).

        `due` is a moment (default: in a fortnight), `cadence` seconds after which the next one is opened (0: none),
        `groups` narrows who is asked. Who may open one, the caller knows. Raises Refused (VOTE_REFUSED).
        """
        now = self._clock.now()
        campaign = Campaign(
            id=new_id("cmp"),
            title=short(title, "a campaign needs a title"),
            opened=now,
            due=due or now + DUE,
            by=person(by),
            items=permissions(rules, items),
            groups=tuple(dict.fromkeys(groups)),
            cadence=cadence,
        )
        if not now < campaign.due <= now + _LONGEST:
            raise Refused(Reason.VOTE_REFUSED, "a campaign is due within 92 days", hint="as in --due 14d")
        if cadence and cadence < campaign.due - now:
            raise Refused(
                Reason.VOTE_REFUSED,
                "the next campaign would begin before this one is due",
                hint="as in --cadence 90d --due 14d",
            )
        await self._begin(campaign, "opened")
        return campaign

    async def attest(
        self,
        rules: Rules,
        campaign: str,
        permission: str,
        who: Principal,
        word: Word,
        reason: str,
        only: Sequence[str] = (),
        *,
        about: Permission | None = None,
        seen: int | None = None,
    ) -> ReviewRecord:
        """Somebody's word about a permission (its id), kept; from this moment it counts on every gateway.

        `about` is that permission, where a campaign that asks about a rule for everyone may get a word about somebody.
        `seen` is the version of its record that they were shown: what was said since then they have to read first.

        Raises Refused: NOT_FOUND, VOTE_REFUSED (who may not, what has no reason, what the rule does not mean any more).
        """
        for _ in range(_TRIES):
            asking = await self.get(campaign)
            one = spoken_of(asking, permission, about, await self._store.attestations(asking.id))
            if one is None:
                hint = f"interlock access campaign {asking.id} says what it asks about"
                raise Refused(Reason.NOT_FOUND, "the campaign does not ask about that", hint=hint)
            now = self._clock.now()
            refused = why_not(rules, asking, one, who, now)
            if refused:
                raise Refused(Reason.VOTE_REFUSED, refused, hint="interlock access campaign ID says who may")
            said = checked(Attestation(asking.id, one, word, person(who), now, reason, tuple(only)))
            before = next(iter(await self._store.records([one.id])), ReviewRecord(one))
            after = attested(before, said, rules.policy.named[one.rule].meaning, seen)
            change = Change(one.id, str(word), now, named(said.by), said.reason)
            if await self._write(attested_event(said), [change], records=[after], attestations=[said], stands=asking):
                return after
        raise OSError("too many change this permission at once")

    async def close(self, id: str, by: Principal, why: str) -> Campaign:
        """The campaign, closed: nobody is asked any more; what nobody spoke about is overdue when it was due.

        Raises Refused (NOT_FOUND, VOTE_REFUSED).
        """
        for _ in range(_TRIES):
            before = await self.get(id)
            if before.state is CampaignState.CLOSED:
                raise Refused(Reason.VOTE_REFUSED, "the campaign is closed already")
            now, who = self._clock.now(), person(by)
            after = replace(
                before, state=CampaignState.CLOSED, closed=now, why=short(why, "say why"), version=before.version + 1
            )
            change = Change(id, "closed", now, named(who), after.why)
            if await self._write(campaign_event(after, "closed", who, after.why), [change], campaign=after):
                return after
        raise OSError("too many change this campaign at once")

    async def renew(self, rules: Rules) -> Sequence[Campaign]:
        """Opens what is to be opened again by its cadence; any number of processes may ask at once."""
        found, now = [], self._clock.now()
        known = await self._store.campaigns(limit=1000)
        followed = {one.follows for one in known}
        for before in known:
            if not before.cadence or before.id in followed or now < before.opened + before.cadence:
                continue
            wanted = [(one.rule, one.scope) for one in before.items if is_attested(rules, one.rule)]
            if not wanted:
                continue
            id = "cmp-" + hashlib.sha256(before.id.encode()).hexdigest()[:16]
            campaign = replace(
                before, id=id, opened=now, due=now + before.due - before.opened, items=permissions(rules, wanted),
                follows=before.id, state=CampaignState.OPEN, closed=0.0, why="", version=1,
            )  # fmt: skip
            if await self._begin(campaign, "renewed"):
                found.append(campaign)
        return found

    async def _begin(self, campaign: Campaign, what: str) -> bool:
        """Keeps a new campaign and asks about its permissions; False where one of its id stands already."""
        for _ in range(_TRIES):
            if await self._store.campaign(campaign.id) is not None:
                return False
            known = {record.id: record for record in await self._store.records([one.id for one in campaign.items])}
            records = [asked(known.get(one.id), one, campaign) for one in campaign.items]
            by = named(campaign.by)
            changes = [Change(campaign.id, what, campaign.opened, by, campaign.title)]
            changes += [Change(one.id, "asked", campaign.opened, by, campaign.id) for one in records]
            event = campaign_event(campaign, what, campaign.by)
            if await self._write(event, changes, campaign=campaign, records=records):
                return True
        raise OSError("too many change these permissions at once")

    async def _write(
        self,
        event: Mapping[str, JSON],
        changes: Sequence[Change],
        *,
        campaign: Campaign | None = None,
        records: Sequence[ReviewRecord] = (),
        attestations: Sequence[Attestation] = (),
        stands: Campaign | None = None,
    ) -> bool:
        """The evidence first: it says so too when the store then did not keep it."""
        reference = await asyncio.to_thread(self._log, event)
        changes = changes if reference else carried(changes, event)
        try:
            kept = await self._store.write(
                changes, campaign=campaign, records=records, attestations=attestations, stands=stands
            )
        except OSError:
            await asyncio.to_thread(self._log, {"what": "not-known", "event": reference, "why": "the store failed"})
            raise
        if not kept:
            await asyncio.to_thread(self._log, {"what": "not-kept", "event": reference, "why": "somebody was first"})
        return kept
