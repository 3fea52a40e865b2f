"""What other rules would have decided otherwise: counted by principal and rule, with the events that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from interlock.model import JSON

__all__ = ["KINDS", "Change", "Differences", "Undecided"]

KINDS: Final = ("permitted", "forbidden", "reviewed", "masked", "unmasked")
"""What can newly happen to an operation. An operation newly permitted was forbidden, or asked about, before."""
_NONE: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """Decisions of one kind that come out otherwise.

    `was` and `rule` are the rules that decided then and would decide now (empty: none; of masks: the masking rule).
    `before` is the word then (`permit`, `review`, `forbid`), `reason` why now. `first` and `last` are RFC 3339.
    `examples` are references to events, `<session>/<number>`, of the first few of `count`.
    """

    kind: str
    issuer: str
    subject: str
    connection: str
    operation: str
    before: str
    was: str
    rule: str
    reason: str
    count: int = 0
    first: str = ""
    last: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """Decisions that could not be made again, and why: what was not recorded is not guessed."""

    why: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """The result. `decisions` were recorded in all, of which `judged` were decided again and `same` came out so.

    `carried` are refusals that no policy decided (a bad token, an unknown host), by reason. `otherwise` counts those of
    `same` that another rule decides now. `bodies` were judged by their recorded bodies, `masked_bodies` of them by
    bodies in which something is masked. `unknown_masks` counts those whose masks were not recorded, and are not
    compared. `damaged` counts lines and files that could not be read; `uncounted` differences for which there was no
    row left.
    """

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
    changes: tuple[Change, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    carried: Mapping[str, int] = field(default=_NONE)
    rules: str = ""
    recorded: tuple[str, ...] = ()

    def of(self, *kinds: str) -> tuple[Change, ...]:
        """The changes of these kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)

    def count(self, kind: str) -> int:
        """How many decisions newly come out so."""
        return sum(change.count for change in self.of(kind))

    @property
    def nothing(self) -> bool:
        """Whether everything was decided again and came out as it was."""
        return not (self.changes or self.undecided or self.uncounted or self.damaged)

    def document(self) -> dict[str, JSON]:
        """All of it as JSON."""
        names = ("sessions", "decisions", "proposals", "judged", "same", "otherwise", "damaged", "uncounted")
        return {
            "rules": self.rules,
            "recorded_rules": [*self.recorded],
            **{name: getattr(self, name) for name in names},
            "judged_by_bodies": self.bodies,
            "judged_by_masked_bodies": self.masked_bodies,
            "masks_not_recorded": self.unknown_masks,
            "newly": {kind: self.count(kind) for kind in KINDS},
            "changes": [_change(change) for change in self.changes],
            "undecided": [
                {"why": one.why, "count": one.count, "examples": [*one.examples]} for one in self.undecided
            ],
            "carried": dict(sorted(self.carried.items())),
        }  # fmt: skip


def _change(change: Change) -> JSON:
    found: dict[str, JSON] = {name: getattr(change, name) for name in Change.__slots__}
    return {**found, "examples": [*change.examples]}
