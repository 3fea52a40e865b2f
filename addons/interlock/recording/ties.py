"""What is known of a chain from elsewhere: a tree's entries about it, or a later session that goes on from its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Facts", "Ties"]

_MOST = 64


@dataclass(frozen=True, slots=True)
class Ties:
    """What one chain is held against. The text in each says who knows it.

    `events` are hashes by number, `flows` lengths and digests of the flow file's beginning, `starts` where a log's
    halves begin. `gone` names what was deleted on purpose (`session`, `flows`, `salt`, `key`), with who says so.
    `sure` is the number of the last event that an anchored head vouches for, `signed` that of any head. `due` says
    why a chain that no tree knows should be known (empty: it need not be).
    """

    events: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    flows: tuple[tuple[int, str, str], ...] = ()
    starts: tuple[int, ...] = ()
    gone: Mapping[str, str] = field(default_factory=dict)
    sure: int = 0
    signed: int = 0


@dataclass(slots=True)
class Facts:
    """Ties in the making. Of many entries about one chain some in between are left out: the last ones say it all, and
    those before only how far back something was changed.
    """

    events: dict[int, tuple[str, str]] = field(default_factory=dict)
    flows: list[tuple[int, str, str]] = field(default_factory=list)
    starts: tuple[int, ...] = ()
    gone: dict[str, str] = field(default_factory=dict)
    sure: int = 0
    signed: int = 0
    last: int = 0

    def event(self, seq: int, digest: str, who: str) -> None:
        """A chain's event at a number has this hash."""
        self.events[seq] = digest, who
        self.last = max(self.last, seq)
        if len(self.events) > _MOST:
            kept = sorted(self.events)
            for seq in kept[1:-1:2]:
                del self.events[seq]

    def flow(self, size: int, digest: str, who: str) -> None:
        """The first bytes of a flow file have this digest."""
        if not self.flows or self.flows[-1][0] != size:
            self.flows.append((size, digest, who))
        if len(self.flows) > _MOST:
            self.flows[1:-1] = self.flows[1:-1:2]

    def ties(self) -> Ties:
        """What was gathered."""
        return Ties(dict(self.events), tuple(sorted(self.flows)), self.starts, dict(self.gone), self.sure, self.signed)
