"""Counts differences in bounded memory, and puts the counts of several processes together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Final

from interlock.reasons import Reason
from interlock.replay.differences import Change, Differences, Undecided

__all__ = ["EXAMPLES", "ROWS", "Row", "Tally"]

EXAMPLES: Final = 5
"""Events that are named of each row."""
ROWS: Final = 20_000
"""Rows that are kept apart; what differs beyond them is counted together."""
_DIGESTS: Final = 100
_WORD: Final = 400

type Row = tuple[str, str, str, str, str, str, str, str, str]
"""kind, issuer, subject, connection, operation, before, was, rule, reason"""


@dataclass(slots=True)
class _Seen:
    count: int = 0
    first: str = ""
    last: str = ""
    examples: list[str] = field(default_factory=list)

    def add(self, other: _Seen) -> None:
        self.count += other.count
        self.first = min(filter(None, (self.first, other.first)), default="")
        self.last = max(self.last, other.last)
        self.examples = sorted([*self.examples, *other.examples])[:EXAMPLES]


@dataclass(slots=True)
class Tally:
    """What `Differences` says, while it is counted."""

    sessions: int = 0
    decisions: int = 0
    proposals: int = 0
    judged: int = 0
    same: int = 0
    otherwise: int = 0
    bodies: int = 0
    masked_bodies: int = 0
    unknown_masks: int = 0
    damaged: int = 0
    uncounted: int = 0
    bytes: int = 0
    rows: dict[Row, _Seen] = field(default_factory=dict)
    undecided: dict[str, _Seen] = field(default_factory=dict)
    carried: Counter[str] = field(default_factory=Counter)
    recorded: set[str] = field(default_factory=set)

    def differs(self, row: Row, at: str, reference: str) -> None:
        """One decision comes out otherwise."""
        row = tuple(map(_short, row))  # type: ignore[assignment]
        seen = self.rows.get(row)
        if seen is None:
            if len(self.rows) >= ROWS:
                self.uncounted += 1
                return
            seen = self.rows[row] = _Seen(first=at)
        _note(seen, at, reference)

    def doubts(self, why: str, at: str, reference: str, count: int = 1) -> None:
        """Decisions cannot be made again; the reference is of one of them, or of their session."""
        _note(self.undecided.setdefault(why, _Seen(first=at)), at, reference, count)

    def carries(self, reason: str, count: int = 1) -> None:
        """Refusals stay what they were."""
        self.carried[str(Reason.of(reason))] += count

    def under(self, digest: str) -> None:
        """Some of what is counted was decided under these rules."""
        if len(self.recorded) < _DIGESTS and len(digest) <= _WORD:
            self.recorded.add(digest)

    def add(self, other: Tally) -> None:
        """Everything that another one counted."""
        for entry in fields(self):
            value = getattr(other, entry.name)
            if type(value) is int:
                setattr(self, entry.name, getattr(self, entry.name) + value)
        for row, seen in other.rows.items():
            known = self.rows.get(row)
            if known is None and len(self.rows) >= ROWS:
                self.uncounted += seen.count
            else:
                (known or self.rows.setdefault(row, _Seen())).add(seen)
        for why, seen in other.undecided.items():
            self.undecided.setdefault(why, _Seen()).add(seen)
        self.carried.update(other.carried)
        for digest in other.recorded:
            self.under(digest)

    def differences(self, rules: str) -> Differences:
        """The result; the rows with the most decisions come first."""
        changes = [
            Change(*row, count=seen.count, first=seen.first, last=seen.last, examples=tuple(seen.examples))
            for row, seen in self.rows.items()
        ]
        changes.sort(key=lambda change: (-change.count, change.kind, change.issuer, change.subject, change.rule))
        numbers = {entry.name: getattr(self, entry.name) for entry in fields(self) if entry.type == "int"}
        del numbers["bytes"]
        return Differences(
            **numbers,
            changes=tuple(changes),
            undecided=tuple(
                Undecided(why, one.count, tuple(one.examples)) for why, one in sorted(self.undecided.items())
            ),
            carried=dict(self.carried),
            rules=rules,
            recorded=tuple(sorted(self.recorded)),
        )


def _short(word: str) -> str:
    """A recording is hostile: nothing that is counted by may be long."""
    return word if len(word) <= _WORD else word[:_WORD] + "…"


def _note(seen: _Seen, at: str, reference: str, count: int = 1) -> None:
    seen.count += count
    seen.first, seen.last = min(seen.first, at), max(seen.last, at)
    if len(seen.examples) < EXAMPLES:
        seen.examples.append(reference)
