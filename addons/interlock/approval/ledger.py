"""Changes of approvals and grants, each made to the very version that was read, with its history and its notices."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from interlock.approval import states, steps
from interlock.approval.board import Board
from interlock.approval.evidence import ENDS, Evidence, answered_event, ended_event, revoked_event
from interlock.approval.flood import Flood
from interlock.approval.people import named
from interlock.approval.shown import plain_reason
from interlock.approval.steps import Step
from interlock.approval.telling import Channel, about_approval, about_grant
from interlock.errors import Refused
from interlock.model import JSON, Approval, ApprovalState, Change, Grant, Person, Vote
from interlock.ports import ApprovalStore, Clock, Notice
from interlock.reasons import Reason

__all__ = ["Ledger", "Told"]

_TRIES = 25
_ANSWERS = frozenset({"approved", "denied", "voted"})
_log = logging.getLogger("interlock")


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell of changes, where the console is that notices point to, and what keeps people's words."""

    channels: Sequence[Channel] = ()
    console: str = ""
    evidence: Evidence | None = None


class Ledger:
    """The store, changed one step at a time; what is written here is seen on the board at once."""

    def __init__(
        self, store: ApprovalStore, clock: Clock, board: Board, told: Told, gateway: str, flood: Flood
    ) -> None:
        self._store = store
        self._clock = clock
        self._board = board
        self._told = told
        self._gateway = gateway
        self._flood = flood

    async def ask(self, approval: Approval) -> Approval:
        """The question as it is kept: the one of its fingerprint that stands already, or this one.

        Raises Refused: APPROVALS_FULL, APPROVALS_COOLING, MALFORMED_REQUEST (a reason that is too long) and
        APPROVAL_UNAVAILABLE (nobody is asked, or for no time).
        """
        now = approval.created
        approval = replace(approval, because=plain_reason(approval.because), gateway=self._gateway)
        if not approval.asks or not approval.expires > now or not approval.fingerprint:
            raise Refused(Reason.APPROVAL_UNAVAILABLE)
        told = about_approval(approval, "pending", now, self._told.channels, self._told.console)
        change = Change(approval.id, "pending", now, named(approval.requester))
        most, since = self._flood.pending, self._flood.denied_since(now)
        for _ in range(_TRIES):
            kept = await self._store.add(approval, change, at_most=most, denied_since=since, notices=told)
            if states.at(kept, now).state in states.LIVE:
                return kept
            with contextlib.suppress(Refused):  # its time is over, and nobody wrote that down yet
                await self.change(kept.id, steps.expire)
        raise OSError("too many ask for this at once")

    async def standing(self, fingerprint: str, requester: Person) -> Approval | None:
        """The question of this fingerprint where one stands. Raises Refused where a new one would be refused."""
        now = self._clock.now()
        most, since = self._flood.pending, self._flood.denied_since(now)
        found = await self._store.standing(fingerprint, requester, now, at_most=most, denied_since=since)
        return found if found is not None and states.at(found, now).state in states.LIVE else None

    async def vote(self, id: str, said: Vote) -> tuple[Approval, Grant | None]:
        """The approval after somebody's word. Raises as `change` does."""
        found = await self._store.approval(id)
        if found is None:
            raise Refused(Reason.NOT_FOUND, "there is no such approval")
        earlier = await self._store.grants(self._clock.now(), holder=found.requester)
        return await self.change(id, functools.partial(steps.answer, said, earlier))

    async def change(self, id: str, step: Callable[[Approval, float], Step]) -> tuple[Approval, Grant | None]:
        """The approval after a step. `step` may be asked again, when somebody else was first; what it raises is raised.

        Raises Refused (NOT_FOUND) for an unknown id, (APPROVAL_USED) when another approval of this fingerprint took its
        place, (RECORDING_UNAVAILABLE) for a yes that cannot be kept as evidence, and OSError when the store cannot be
        used.
        """
        failed = -1
        for _ in range(_TRIES):
            before = await self._store.approval(id)
            if before is None:
                raise Refused(Reason.NOT_FOUND, "there is no such approval")
            if before.version == failed:
                raise Refused(Reason.APPROVAL_USED, "another question about the same operation took its place")
            now = self._clock.now()
            made = step(before, now)
            event: Mapping[str, JSON] | None = ended_event(made) if made.said in ENDS else None
            if made.said in _ANSWERS:
                event = await self._kept(answered_event(made), must=made.after.votes[-1].approves)
            changes, notices = self._lines(made, now, event)
            if await self._store.swap(made.after, changes, grant=made.grant, notices=notices):
                self._board.saw(made.after, made.grant)
                return made.after, made.grant
            failed = before.version
            if made.said in _ANSWERS and event is None:
                await self._kept({"what": "not-kept", "approval": id, "why": "somebody was first"}, must=False)
        raise OSError("too many change this approval at once")

    async def revoke(self, id: str, by: Person, why: str) -> Grant:
        """The grant, ended. Raises Refused (NOT_FOUND) for an unknown one, (GRANT_REFUSED) for one that is over."""
        for _ in range(_TRIES):
            grant = await self._store.grant(id)
            if grant is None:
                raise Refused(Reason.NOT_FOUND, "there is no such grant")
            now = self._clock.now()
            if grant.revoked or now >= grant.until:
                raise Refused(Reason.GRANT_REFUSED, "this grant is over already")
            after = replace(grant, revoked=now, version=grant.version + 1)
            notices = about_grant(after, "revoked", now, self._told.channels, self._told.console)
            event = await self._kept(revoked_event(after, by, why), must=False)
            change = Change(id, "revoked", now, named(by), why, event)
            if await self._store.swap_grant(after, change, notices=notices):
                self._board.saw_grant(after)
                return after
        raise OSError("too many change this grant at once")

    async def _kept(self, event: Mapping[str, JSON], *, must: bool) -> Mapping[str, JSON] | None:
        """The evidence comes first. A yes counts only with it; a no counts in any case.

        Returns what is left for a gateway to write: the event, where no recordings are here or they cannot be written.
        """
        if self._told.evidence is None:
            return event
        try:
            return None if await asyncio.to_thread(self._told.evidence, event) else event
        except Refused as refused:
            if must:
                raise
            _log.warning("what a person said about an approval is not in the evidence here: %s", refused)
            return event

    def _lines(self, made: Step, now: float, event: Mapping[str, JSON] | None) -> tuple[list[Change], list[Notice]]:
        channels, console = self._told.channels, self._told.console
        changes = [Change(made.after.id, made.said, now, made.by, made.why, event)]
        notices = about_approval(made.after, made.said, now, channels, console)
        if made.grant is not None:
            changes.append(Change(made.grant.id, "granted", now, made.by, made.why))
            notices += about_grant(made.grant, "granted", now, channels, console)
            if made.after.state is ApprovalState.USED:
                changes.append(Change(made.after.id, "used", now, "", f"granted as {made.grant.id}"))
        return changes, notices
