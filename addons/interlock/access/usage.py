"""Counts what recordings say was used, refused and approved: in one stream a session, in bounded memory.

Which rules gave what passed is asked of the rules in force, where the decision was made under them: once for each
different thing. Under other rules it is the rule that was recorded.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from pathlib import Path

import msgspec

from interlock.access.tallies import Decider, Known, Usage
from interlock.engine.rules import Rules
from interlock.model import Effect
from interlock.policy import Context, explain
from interlock.policy.standing import ATTESTED
from interlock.reasons import Reason
from interlock.recording.event import seconds
from interlock.replay.case import operations_of
from interlock.replay.session_then import SessionThen
from interlock.replay.told import Line, Lines, Told
from interlock.replay.walk import Window
from interlock.replay.who import principal_of
from interlock.replay.words import word_then

__all__ = ["HASTY", "Counting"]

HASTY = 5.0
"""Seconds after a question within which nobody can have read it."""

_MEMORY = 60_000
_WAITING = 10_000
_EXAMPLES = 3
_DENIED = (Reason.APPROVAL_DENIED,)
_OF_REVIEWS = frozenset((Reason.ACCESS_OVERDUE, Reason.ACCESS_REVOKED, Reason.ACCESS_UNKNOWN))
_told = msgspec.json.Decoder(Told).decode
_data = msgspec.json.Decoder(dict).decode

type _Rules = tuple[tuple[str, str], ...]
"""Which rules gave what: (rule, operation)."""


class Counting:
    """One process's counting. What it remembers serves all sessions."""

    def __init__(self, rules: Rules, window: Window) -> None:
        self._rules = rules
        self._window = window
        self._memory: dict[tuple[object, ...], _Rules] = {}

    def session(self, found: Usage, folder: Path) -> None:
        """One session, counted. Never raises: what cannot be read is counted too."""
        session, lines = SessionThen(folder), Lines(folder)
        asked_at: OrderedDict[str, float] = OrderedDict()
        found.sessions += 1
        try:
            for line in lines:
                try:
                    if line.kind in ("decision", "reply"):
                        self._decision(found, session, line)
                        continue
                    session.note(line)
                    if line.kind == "approval" and self._window.holds(line.at):
                        _approval(found, line, asked_at, session.reference(line))
                    elif line.kind in ("opened", "principal"):
                        self._person(found, session, line)
                except (msgspec.MsgspecError, ValueError, RecursionError):
                    found.damaged += 1
        except OSError:
            found.damaged += 1
        found.damaged += lines.damaged + sum(lines.sealed.values())

    def _person(self, found: Usage, session: SessionThen, line: Line) -> None:
        principal = principal_of(session.opened, session.said)
        key = principal.issuer, principal.subject
        known = found.people.get(key)
        if known is None:
            known = found.people[key] = Known(principal)
        known.principal = principal
        if isinstance(principal.groups, frozenset):
            known.groups = principal.groups
        known.sessions += line.kind == "opened"

    def _decision(self, found: Usage, session: SessionThen, line: Line) -> None:
        told = _told(line.data)
        asked = session.asked(line, told)
        if not self._window.holds(line.at):
            return
        found.decisions += 1
        key = session.issuer, session.subject
        known = found.people.get(key)
        if known is not None:
            known.saw(line.at)
        said = word_then(told.effect, told.reason)
        if said is None and told.reason not in _OF_REVIEWS:
            return
        connection = asked.connection if asked is not None else ""
        approved = told.reason == Reason.APPROVED
        if told.effect == "permit" and (said is Effect.PERMIT or approved):
            found.connections[connection] += 1
            for rule, what in self._gave(session, line, told, asked):
                row = found.row((*key, rule))
                if row is not None:
                    row.used(line.at, f"{what} on {connection}")
                    row.approved += approved
                    row.shown(session.reference(line))
            return
        row = found.row((*key, told.rule))
        if row is not None:
            row.refused += 1
            row.denied += told.reason in _DENIED
            row.reasons[told.reason] += 1
            row.attempted(" on ".join(filter(None, (told.operation, connection))))
            row.shown(session.reference(line))

    def _gave(self, session: SessionThen, line: Line, told: Told, asked: Told | None) -> _Rules:
        """The rules that gave it, each with the first operation it gave."""
        digest = told.rules or session.rules
        key = (session.who, digest, told.rule, told.connection, told.path, told.method, bytes(told.operations))
        found = self._memory.get(key)
        if found is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            found = self._memory[key] = self._explained(session, line, told, asked, digest)
        return found

    def _explained(self, session: SessionThen, line: Line, told: Told, asked: Told | None, digest: str) -> _Rules:
        request = asked if asked is not None else told
        known = self._rules.connection(request.connection)
        covered = known is not None and bool(known.commands)
        operations, _ = operations_of(told, proposed=line.kind == "reply", covered=covered)
        first = told.operation or (operations[0].name if operations else told.reason)
        found: dict[str, str] = {}
        if digest == self._rules.digest and told.reason in (Reason.PERMITTED, Reason.APPROVED, Reason.GRANTED):
            context = Context(
                principal_of(session.opened, session.said), request.connection, request.method,
                request.path, now=seconds(line.at), readable=False, reviews=ATTESTED,
            )  # fmt: skip
            for one in explain(self._rules.policy, context, operations):
                if one.rule and one.effect is not Effect.FORBID:
                    found.setdefault(one.rule, one.operation.name)
        if told.rule not in found:
            found[told.rule] = first
        return tuple(found.items())


def _moment(value: object) -> float:
    """Seconds since the epoch: events write fractions as text; 0 for what is none."""
    try:
        found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else 0.0
    except ValueError:
        return 0.0
    return found if math.isfinite(found) else 0.0


def _approval(found: Usage, line: Line, asked_at: OrderedDict[str, float], reference: str) -> None:
    """Who decided, and how long after the question."""
    data = _data(line.data)
    name, votes = data.get("approval"), data.get("votes")
    if not isinstance(name, str) or not isinstance(votes, list):
        return
    if not votes:
        asked_at.setdefault(name, seconds(line.at))
        if len(asked_at) > _WAITING:
            asked_at.popitem(last=False)
        return
    began = asked_at.pop(name, None)  # counted once
    for vote in votes if began is not None else []:
        at = _moment(vote.get("at")) if isinstance(vote, dict) else 0.0
        if began is None or not at:
            continue
        decider = found.deciders.setdefault((str(vote.get("issuer", "")), str(vote.get("by", ""))), Decider())
        took = max(0.0, at - began)
        decider.fastest = min(decider.fastest, took) if decider.votes else took
        decider.votes += 1
        if took <= HASTY and vote.get("approves") is True:
            decider.hasty += 1
            if len(decider.examples) < _EXAMPLES:
                decider.examples.append(f"{name} after {took:.1f} s ({reference})")
