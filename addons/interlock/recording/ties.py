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
    halves begin. `gone` names what was deleted on purpose (`session`, `flows`, `salt`, `key`; of a log: when),
    with who says so.
    `sure` is the number of the last event that an anchored head vouches for, `signed` that of any head. `due` says
    why a chain that no tree knows should be known (empty: it need not be). `broken` says when a log was found to be
    another than before, each time with who says so.
    """

    events: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    flows: tuple[tuple[int, str, str], ...] = ()
    starts: tuple[int, ...] = ()
    gone: Mapping[str, str] = field(default_factory=dict)
    sure: int = 0
    signed: int = 0
    broken: tuple[str, ...] = ()


@dataclass(slots=True)
class _Told:
    """What entries of one strength say about a chain. Of many some in between are left out: the last ones say it all,
    and those before only how far back something was changed.
    """

    events: dict[int, tuple[str, str]] = field(default_factory=dict)
    flows: list[tuple[int, str, str]] = field(default_factory=list)
    starts: tuple[int, ...] = ()
    last: int = 0

    def event(self, seq: int, digest: str, who: str) -> None:
        self.events.setdefault(seq, (digest, who))  # what was said first: an event never becomes another
        self.last = max(self.last, seq)
        if len(self.events) > _MOST:
            kept = sorted(self.events)
            for seq in kept[1:-1:2]:
                del self.events[seq]

    def flow(self, size: int, digest: str, who: str) -> None:
        if not self.flows or self.flows[-1][:2] != (size, digest):
            self.flows.append((size, digest, who))
        if len(self.flows) > _MOST:
            self.flows[1:-1] = self.flows[1:-1:2]


@dataclass(slots=True)
class Facts:
    """Ties in the making, told apart by their strength: 0 nobody signed the entry, 1 a signed head vouches for it, 2 an
    anchored one. The weaker adds to what is known, and never takes the place of the stronger: anybody who can write the
    folder can add entries that nobody signed.
    """

    told: tuple[_Told, _Told, _Told] = field(default_factory=lambda: (_Told(), _Told(), _Told()))
    gone: dict[str, str] = field(default_factory=dict)

    def event(self, seq: int, digest: str, who: str, strength: int) -> bool:
        """A chain's event at a number has this hash. Returns whether none of its strength was later."""
        told = self.told[strength]
        newest = seq >= told.last
        told.event(seq, digest, who)
        return newest

    def flow(self, size: int, digest: str, who: str, strength: int) -> None:
        """The first bytes of a flow file have this digest."""
        self.told[strength].flow(size, digest, who)

    def begins(self, starts: tuple[int, ...], strength: int) -> None:
        """Where the halves of a log begin."""
        self.told[strength].starts = starts

    @property
    def events(self) -> dict[int, tuple[str, str]]:
        """Hashes by number, each by the strongest who knows it."""
        return {seq: known for told in self.told for seq, known in told.events.items()}

    @property
    def sure(self) -> int:
        """The number of the last event that an anchored head vouches for."""
        return self.told[2].last

    @property
    def signed(self) -> int:
        """The number of the last event that any signed head vouches for."""
        return max(told.last for told in self.told[1:])

    def ties(self) -> Ties:
        """What was gathered."""
        flows = sorted(flow for told in self.told for flow in told.flows)
        newest = max(self.told[1:], key=lambda told: told.last)
        starts = (newest if newest.last else self.told[0]).starts
        return Ties(self.events, tuple(flows), starts, dict(self.gone), self.sure, self.signed)
