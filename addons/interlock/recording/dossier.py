"""Whom a session is about, and what it used: what rules of retention and holds go by. Read from its evidence.

Groups, and whom it acted for, are those of any time in it; connections are those that something was decided for.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock.model import JSON
from interlock.recording.event import Event, seconds
from interlock.recording.keyring import Keyring
from interlock.recording.reading import read_events, summarise
from interlock.settings import Hold, Whom

__all__ = ["Dossier", "held_by", "look_into"]

_MOST: Final = 10_000
_TOGETHER: Final = 200
_PAUSE: Final = 0.002


@dataclass(frozen=True, slots=True)
class Dossier:
    """`state` as in SessionSummary; `ended` in seconds since the epoch. `known` is False where nobody can tell whose
    session it is: it is encrypted and its key is not here, or it is damaged.
    """

    session: str
    state: str
    known: bool
    ended: float = 0.0
    identity: str = ""
    issuer: str = ""
    subject: str = ""
    run: str = ""
    sealed: str = ""
    groups: frozenset[str] = frozenset()
    acting_for: frozenset[str] = frozenset()
    connections: frozenset[str] = frozenset()

    def fits(self, whom: Whom) -> bool:
        """Whether it is theirs, or on behalf of them, as far as that is known."""
        names = {self.subject, *self.acting_for}
        return self.known and any(whom.fits(self.identity, name, self.groups) for name in names)


def look_into(folder: Path, keys: Keyring | None = None, *, gentle: bool = False) -> Dossier:
    """The dossier of a session's folder. Raises nothing for what is there: what cannot be read is not known.

    `gentle`: long evidence is read with pauses, for the sake of the event loop of this process.
    """
    summary = summarise(folder, keys)
    known = not summary.sealed and bool(summary.subject or summary.issuer)
    found, whole = _Found(), True
    if known:
        try:
            for number, line in enumerate(read_events(folder, keys)):
                if gentle and number % _TOGETHER == _TOGETHER - 1:
                    time.sleep(_PAUSE)
                if line.event is not None:
                    found.note(line.event)
        except OSError:
            whole = False
    return Dossier(
        session=folder.name,
        state=summary.state,
        known=known and whole and found.size < _MOST,
        ended=seconds(summary.ended),
        identity=summary.identity,
        issuer=summary.issuer,
        subject=summary.subject,
        run=summary.run,
        sealed=summary.sealed,
        groups=frozenset(found.groups),
        acting_for=frozenset(found.acting_for),
        connections=frozenset(found.connections),
    )


def held_by(holds: tuple[Hold, ...], dossier: Dossier) -> Hold | None:
    """The hold that a session is under; where nobody can tell whose it is, any that names people."""
    for hold in holds:
        if dossier.session in hold.sessions:
            return hold
        if hold.to is not None and (not dossier.known or dossier.fits(hold.to)):
            return hold
    return None


class _Found:
    """What the events of one session say; bounded, and `size` says when that was reached."""

    def __init__(self) -> None:
        self.groups: set[str] = set()
        self.acting_for: set[str] = set()
        self.connections: set[str] = set()

    @property
    def size(self) -> int:
        return max(len(self.groups), len(self.acting_for), len(self.connections))

    def note(self, event: Event) -> None:
        if self.size >= _MOST:
            return
        if event.kind == "principal":
            self.groups.update(_words(event.data.get("groups")))
            self.acting_for.update(_words([event.data.get("acting_for")]))
        elif event.kind == "decision":
            self.connections.update(_words([event.data.get("connection")]))


def _words(value: JSON) -> list[str]:
    return [word for word in value if isinstance(word, str) and word] if isinstance(value, list) else []
