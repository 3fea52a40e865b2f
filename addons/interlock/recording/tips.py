"""Which chains and files advanced since somebody last asked: what the tree's next entries are made from.

Noting costs the request path one assignment; what a tip says is put together when it is taken.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from interlock.recording.session import Session

__all__ = ["Taken", "Tip", "Tips"]


class Tip(NamedTuple):
    """How far a session went: its last event, and the bytes and SHA-256 of its flow file so far.

    `waiting`: flows of it are still to be written.
    """

    name: str
    seq: int
    hash: str
    closed: bool
    flows: int
    digest: str
    waiting: bool = False


class Taken(NamedTuple):
    """What advanced: live sessions, sessions that are to be looked at on the disk, and other files."""

    sessions: tuple[Tip, ...] = ()
    names: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


class Tips:
    """Sessions and files are noted from the event loop, names from any thread; `take` is for the event loop.

    `taken` counts how often it was asked for; 0 where nobody vouches for what is recorded, or nobody does yet
    (`awaited`).
    """

    __slots__ = ("_files", "_names", "awaited", "sessions", "taken")

    def __init__(self) -> None:
        self.taken = 0
        self.awaited = False
        self.sessions: dict[str, Session] = {}
        self._names: set[str] = set()
        self._files: set[Path] = set()

    def session(self, session: Session) -> None:
        """A live session got an event."""
        self.sessions[session.id] = session

    def name(self, name: str) -> None:
        """A session was changed by somebody who does not hold it."""
        self._names.add(name)

    def file(self, path: Path) -> None:
        """A file that is only added to was added to."""
        self._files.add(path)

    def failed(self) -> None:
        """What was taken last could not be vouched for: it does not count as taken."""
        self.taken = max(self.taken - 1, 1)

    def take(self) -> Taken:
        """Everything noted so far. A session whose flows are still to be written comes again the next time."""
        self.taken += 1
        sessions, self.sessions = self.sessions, {}
        tips = [session.tip() for session in sessions.values()]
        self.sessions |= {tip.name: sessions[tip.name] for tip in tips if tip.waiting}
        names, self._names = self._names, set()
        files, self._files = self._files, set()
        return Taken(tuple(tip for tip in tips if tip.seq), tuple(sorted(names)), tuple(sorted(files)))
