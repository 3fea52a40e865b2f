"""What an anchor is: a place outside the recordings that keeps signed tree heads; one file each in `anchors/`.

A head that lies where whoever writes the recordings cannot change it shows, later, what they held when it was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

from interlock.registry import parts

__all__ = ["Keeper", "Sink", "Target", "known_sinks", "sink_members"]


class Keeper(Protocol):
    """What keeps heads in the approvals' store."""

    def keep(self, line: bytes) -> None:
        """Keep one head. Raises OSError when it is to be tried again."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """Where one anchor keeps heads. `url` and `secret` are read anew for each head and raise Refused or OSError.

    `every` is the least number of seconds between two heads, but for the last one of a gateway that ends.
    """

    path: Path | None = None
    url: Callable[[], str] = field(default=str, repr=False)
    secret: Callable[[], str] = field(default=str, repr=False)
    authorities: Path | None = None
    every: float = 0.0
    keeper: Keeper | None = None


@dataclass(frozen=True, slots=True)
class Sink:
    """A kind of anchor. `needs` and `takes` are the members of its entry under `anchors:`.

    `send` keeps one head: a line of the gateway's `heads.jsonl` without its newline. It runs in a thread of its own,
    may take some seconds, and raises OSError when it is to be tried again. What it returns (an answer that proves
    the time, or nothing) is kept beside the heads.
    """

    name: str
    send: Callable[[bytes, Target, float], bytes]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    every: float = 0.0


@cache
def known_sinks() -> Mapping[str, Sink]:
    """All anchors by name."""
    from interlock.recording import anchors

    return parts(anchors, Sink)


def sink_members() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The members of each anchor's entry, for the reader and the schema: those it needs, those it may have."""
    return {name: (sink.needs, sink.takes) for name, sink in known_sinks().items()}
