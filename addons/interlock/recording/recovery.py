"""Closes what a dead gateway left open, honestly: a torn line becomes a gap, and the end says that it was recovered.

Nothing is repaired. The `closed` event says what the flow file really holds: how many whole flows, the digest of all
its bytes, how many of those are a torn flow at its end; flows that were still in memory are gone, and nobody can say
how many (`lost` is null). A session whose evidence cannot be gone on with is left as it is.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from interlock.model import JSON
from interlock.ports import Clock
from interlock.recording.chain import Chain, ChainBroken, open_plain, tail
from interlock.recording.commit import Committer
from interlock.recording.frames import MAGIC, survey_frames
from interlock.recording.held import left_behind
from interlock.recording.segments import flow_ends
from interlock.recording.session import EVIDENCE, FLOWS

__all__ = ["Recovered", "Recovery", "holds"]

_CHUNK = 1 << 20
_DURABLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Recovered:
    """One session that was closed: its name, and the number and hash of its last event."""

    name: str
    seq: int
    head: str


class Stopped(Exception):
    """The gateway ends before everything was looked at."""


class Recovery:
    """Looks for what dead gateways left in a folder. Used from a thread of its own; `stop` may be called from any."""

    def __init__(self, folder: Path, clock: Clock, *, sync: bool = False) -> None:
        self._folder = folder
        self._clock = clock
        self._sync = sync
        self._stopped = False

    def stop(self) -> None:
        """Ends a `run` soon; what was not looked at is left for the next time."""
        self._stopped = True

    def run(self, told: Callable[[Recovered], None] = lambda _: None) -> list[Recovered]:
        """Closes the sessions of dead gateways, and says which. Never raises; what failed is tried the next time."""
        found: list[Recovered] = []
        try:
            for left in left_behind(self._folder):
                if self._all(left.names, found, told):
                    left.done()
        except (OSError, Stopped):
            pass
        return found

    def _all(self, names: list[str], found: list[Recovered], told: Callable[[Recovered], None]) -> bool:
        whole = True
        for name in names:
            if self._stopped:
                raise Stopped
            try:
                recovered = self._session(self._folder / name)
            except ChainBroken:
                continue
            except FileNotFoundError:
                continue  # it was noted, and never began
            except OSError:
                whole = False
                continue
            if recovered is not None:
                found.append(recovered)
                told(recovered)
        return whole

    def _session(self, folder: Path) -> Recovered | None:
        path = folder / EVIDENCE
        if _is_closed(path):
            return None
        chain, now = Chain(path), self._clock.now()
        try:
            chain.adopt(now)
            flows = holds(folder / FLOWS, self._check)
            if self._sync and flows["bytes"] and not Committer.sync(folder / FLOWS, _DURABLE_SECONDS):
                raise OSError("the flows could not be synced")
            chain.append("closed", {"flows": flows, "reason": "recovered"}, now)
        finally:
            chain.release()
        if self._sync and not Committer.sync(path, _DURABLE_SECONDS):
            raise OSError("the evidence could not be synced")
        return Recovered(folder.name, chain.seq, chain.head)

    def _check(self) -> None:
        if self._stopped:
            raise Stopped


def holds(path: Path, check: Callable[[], None] = lambda: None) -> dict[str, JSON]:
    """What a flow file holds, for a `closed` event; a missing one holds nothing. Raises OSError."""
    digest, size, count, whole = hashlib.sha256(), 0, 0, 0
    try:
        with open_plain(path) as file:
            sealed = file.read(len(MAGIC)) == MAGIC
            count, whole = survey_frames(file) if sealed else _survey(file)
            file.seek(0)
            while chunk := file.read(_CHUNK):
                check()
                digest.update(chunk)
                size += len(chunk)
    except FileNotFoundError:
        pass
    return {
        "bytes": size,
        "count": count,
        "lost": None,
        "pending": 0,
        "sha256": digest.hexdigest(),
        "torn": size - whole,
    }


def _survey(file: BinaryIO) -> tuple[int, int]:
    """How many whole flows there are, and where the last of them ends."""
    ends = [0, 0]
    for end in flow_ends(file):
        ends = [ends[0] + 1, end]
    return ends[0], ends[1]


def _is_closed(path: Path) -> bool:
    """Whether its last whole line closes it, and nothing stands after. Raises OSError."""
    with open_plain(path) as file:
        size = os.fstat(file.fileno()).st_size
        event, end = tail(file.fileno(), size)
    return event is not None and event.kind == "closed" and end == size
