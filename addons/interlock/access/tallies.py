"""What is counted of recordings for an access report: rows in bounded memory, that several processes can add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from interlock.model import Principal

__all__ = ["DAYS", "ROWS", "Decider", "Known", "Row", "Usage"]

ROWS = 100_000
"""Pairs of principal and permission that are kept apart; what is beyond is counted in `uncounted`."""
DAYS = 400
"""Days of a histogram."""

_NAMES = 40
_EXAMPLES = 3
_OTHERS = "(others)"


@dataclass(slots=True)
class Row:
    """One principal and one rule (empty: none speaks about it). Moments are RFC 3339, days their dates (UTC).

    `uses` passed, `refused` did not, by whatever reason; `approved` and `denied` are people's words about it.
    `operations` are what passed, `tried` what did not.
    """

    uses: int = 0
    refused: int = 0
    approved: int = 0
    denied: int = 0
    first: str = ""
    last: str = ""
    days: dict[str, int] = field(default_factory=dict)
    operations: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def used(self, at: str, what: str) -> None:
        """It passed once more."""
        self.uses += 1
        self.first = at if not self.first or at < self.first else self.first
        self.last = max(self.last, at)
        day = at[:10]
        if day in self.days or len(self.days) < DAYS:
            self.days[day] = self.days.get(day, 0) + 1
        _name(self.operations, what)

    def attempted(self, what: str) -> None:
        """This was tried in vain."""
        _name(self.tried, what)

    def shown(self, reference: str) -> None:
        """An event that shows it."""
        if len(self.examples) < _EXAMPLES:
            self.examples.append(reference)

    def add(self, other: Row) -> None:
        """What another process counted."""
        for name in ("uses", "refused", "approved", "denied"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.first = min(filter(None, (self.first, other.first)), default="")
        self.last = max(self.last, other.last)
        for day, count in other.days.items():
            self.days[day] = self.days.get(day, 0) + count
        self.operations.update(other.operations)
        self.tried.update(other.tried)
        self.reasons.update(other.reasons)
        self.examples = sorted([*self.examples, *other.examples])[:_EXAMPLES]


def _name(counts: Counter[str], what: str) -> None:
    counts[what if what in counts or len(counts) < _NAMES else _OTHERS] += 1


@dataclass(slots=True)
class Known:
    """A principal as the recordings know them: their latest groups, when they were seen."""

    principal: Principal
    groups: frozenset[str] = frozenset()
    sessions: int = 0
    first: str = ""
    last: str = ""

    def saw(self, at: str) -> None:
        """They were seen."""
        self.first = at if not self.first or at < self.first else self.first
        self.last = max(self.last, at)

    def add(self, other: Known) -> None:
        """What another process knows."""
        if other.last > self.last:
            self.principal = other.principal
        self.groups |= other.groups
        self.sessions += other.sessions
        self.first = min(filter(None, (self.first, other.first)), default="")
        self.last = max(self.last, other.last)


@dataclass(slots=True)
class Decider:
    """Somebody who decided what agents asked: how often, and how often within seconds of the question."""

    votes: int = 0
    hasty: int = 0
    fastest: float = 0.0
    examples: list[str] = field(default_factory=list)

    def add(self, other: Decider) -> None:
        """What another process counted."""
        known = [one.fastest for one in (self, other) if one.votes]
        self.votes += other.votes
        self.hasty += other.hasty
        self.fastest = min(known, default=0.0)
        self.examples = [*self.examples, *other.examples][:_EXAMPLES]


@dataclass(slots=True)
class Usage:
    """Everything that was counted: rows by (issuer, subject, rule), people and deciders by (issuer, subject)."""

    rows: dict[tuple[str, str, str], Row] = field(default_factory=dict)
    people: dict[tuple[str, str], Known] = field(default_factory=dict)
    deciders: dict[tuple[str, str], Decider] = field(default_factory=dict)
    connections: Counter[str] = field(default_factory=Counter)
    sessions: int = 0
    decisions: int = 0
    damaged: int = 0
    uncounted: int = 0

    def row(self, key: tuple[str, str, str]) -> Row | None:
        """The row of a key; None where there is no room for another."""
        found = self.rows.get(key)
        if found is None:
            if len(self.rows) >= ROWS:
                self.uncounted += 1
                return None
            found = self.rows[key] = Row()
        return found

    def add(self, other: Usage) -> None:
        """What another process counted."""
        for key, row in other.rows.items():
            known = self.row(key)
            if known is not None:
                known.add(row)
        for who, known_person in other.people.items():
            if who in self.people:
                self.people[who].add(known_person)
            else:
                self.people[who] = known_person
        for who, decider in other.deciders.items():
            self.deciders.setdefault(who, Decider()).add(decider)
        self.connections.update(other.connections)
        self.sessions += other.sessions
        self.decisions += other.decisions
        self.damaged += other.damaged
        self.uncounted += other.uncounted
