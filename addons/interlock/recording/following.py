"""Recordings as they are written: the events that come to any session of a folder, in the order they are found.

Files are looked at again and again; what has no end yet is left for the next time. Bounded: of one file at most a few
MiB are taken in one go, and of sessions only those are opened that can still grow.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from interlock.recording.chain import open_plain
from interlock.recording.event import MAX_EVENT, parse
from interlock.recording.finding import Wanted
from interlock.recording.keys import Unopened
from interlock.recording.opening import opener
from interlock.recording.reading import Line, summarise
from interlock.recording.runs import session_folders
from interlock.recording.sealing import Opener, is_sealed, opened_or_not
from interlock.recording.session import EVIDENCE

__all__ = ["Follower"]

_TAKEN = 4 * MAX_EVENT
_MOST = 10_000

type _Size = tuple[int, int]


@dataclass(slots=True)
class _Followed:
    """One session: how far it was read, and what opens what is sealed in it."""

    at: int = 0
    number: int = 0
    opens: Opener | Unopened | None = None
    seen: _Size = field(default=(-1, -1))


class Follower:
    """What comes to a folder. `poll` gives what is new since the last time; between two of them the caller waits.

    What stood in the sessions at the start is passed over, unless `wanted.since` asks for it; sessions that begin
    later are read from their first event. `only` is the one session to follow.
    """

    def __init__(self, folder: Path, wanted: Wanted | None = None, *, only: str = "") -> None:
        self._folder = folder
        self._wanted = wanted or Wanted()
        self._only = only
        self._sessions: dict[str, _Followed | None] = {}
        self._started = False

    def poll(self) -> Iterator[tuple[str, Line]]:
        """Each new event with its session's id. Raises OSError where the folder cannot be read."""
        names = [self._only] if self._only else session_folders(self._folder)[-_MOST:]
        for name in names:
            if name not in self._sessions and not self._begin(name):
                continue
            followed = self._sessions[name]
            if followed is not None:
                for line in self._read(self._folder / name, followed):
                    if line.event is None or self._wanted.event(line.event):
                        yield name, line
        self._started = True

    def _begin(self, name: str) -> bool:
        """Decides where reading begins, or that a session is not wanted; False while it cannot be told yet."""
        folder = self._folder / name
        try:
            size = (folder / EVIDENCE).stat().st_size
        except OSError:
            return False
        summary = summarise(folder)
        if summary.state == "empty":
            return False
        found = None
        if self._wanted.session(summary):
            found = _Followed() if self._started or self._wanted.since else _Followed(size, summary.events)
        self._sessions[name] = found
        return True

    def _read(self, folder: Path, followed: _Followed) -> Iterator[Line]:
        try:
            status = os.stat(folder / EVIDENCE)
            size = status.st_size, status.st_mtime_ns
            if size == followed.seen:
                return
            with open_plain(folder / EVIDENCE) as file:
                file.seek(followed.at)
                data = file.read(_TAKEN)
        except OSError:
            return
        end = data.rfind(b"\n") + 1
        if not end or followed.at + end == status.st_size:
            followed.seen = size
        followed.at += end
        for raw in data[:end].split(b"\n")[:-1]:
            followed.number += 1
            event, fault = parse(raw)
            if event is not None and is_sealed(event):
                followed.opens = followed.opens or opener(folder.absolute())
                event = opened_or_not(event, followed.opens)
            yield Line(followed.number, raw + b"\n", event, fault)
