"""The ledger of what was shipped to one place: a chained file, so that nobody can add a shipment to it later unseen.

    .ship/<place>/shipped.jsonl    {"kind":"shipped","data":{"name":"<session>","objects":[{"bytes","name",…},…]},…}
    .ship/<place>/remove/<session>.<what>    an order: what was shipped of it is to go there too
    .ship/<place>/lock             held by who ships to that place: one process at a time

What waits to be shipped is what lies closed among the recordings and is not in the ledger as it is now: nothing has
to be written down for that, so nothing can be forgotten.
"""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock.model import JSON
from interlock.ports import Clock
from interlock.recording.chain import Chain
from interlock.recording.entries import entries
from interlock.recording.runs import session_folders

__all__ = ["COPIED_HEADS", "SHIP", "Sent", "Shipments", "order_removal", "removals"]

SHIP: Final = ".ship"
"""The folder of what is known of shipping, among the recordings."""

COPIED_HEADS: Final = "heads"
"""Where signed heads lie beside shipped sessions."""

_LEDGER, _REMOVE, _LOCK = "shipped.jsonl", "remove", "lock"
_PLACE = re.compile(r"[a-z0-9-]{1,100}")
_ORDER = re.compile(r"([0-7][0-9A-HJKMNP-TV-Z]{25})\.(flows|salt|key|session)")
_KINDS = ("shipped", "removed")
_MAX_OBJECTS = 16
_MAX_REMOVALS = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One object as it lies there: its name within the session, how many bytes, and their SHA-256."""

    name: str
    bytes: int
    sha256: str


class Shipments:
    """The ledger of one place, held by this process until `close`. Raises OSError, also while another process holds it.

    Without `hold` it is only read.
    """

    def __init__(self, folder: Path, place: str, clock: Clock, *, hold: bool = True) -> None:
        if not _PLACE.fullmatch(place):
            raise OSError("that is no name of a place")
        self.place = place
        self.folder = folder / SHIP / place
        self._clock = clock
        self._lock = -1
        self._sent: dict[str, tuple[Sent, ...]] = {}
        self._chain: Chain | None = None
        if hold:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._take()
        try:
            self._load(hold)
        except OSError:
            self.close()
            raise

    def sent(self, name: str) -> tuple[Sent, ...]:
        """What lies there of a session, or of a file of the tree; nothing when it was never shipped, or removed."""
        return self._sent.get(name, ())

    def __len__(self) -> int:
        return len(self._sent)

    def note(self, name: str, objects: tuple[Sent, ...], kind: str = "shipped") -> None:
        """Notes what lies there now. Raises OSError."""
        if self._chain is None:
            raise OSError("this ledger is only read")
        said: list[JSON] = [{"bytes": sent.bytes, "name": sent.name, "sha256": sent.sha256} for sent in objects]
        self._chain.append(kind, {"name": name, "objects": said}, self._clock.now())
        self._learn(name, objects)

    def close(self) -> None:
        """Lets another process ship to this place."""
        if self._chain is not None:
            self._chain.release()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _take(self) -> None:
        self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            self._lock = -1
            raise BlockingIOError("another process ships to this place") from None

    def _load(self, hold: bool) -> None:
        """What lies there of all that is still here; of the rest the file alone tells (`recall`)."""
        path, here = self.folder / _LEDGER, frozenset(session_folders(self.folder.parent.parent))
        if hold:
            self._chain = Chain(path)
            if path.exists() and path.stat().st_size:
                self._chain.adopt(self._clock.now())
            else:
                path.unlink(missing_ok=True)
                self._chain.create()
                self._chain.append("opened", {"place": self.folder.name}, self._clock.now())
        with suppress(FileNotFoundError):
            for event, _ in entries(path):
                name = event.data.get("name")
                if event.kind in _KINDS and isinstance(name, str) and (name in here or "/" in name):
                    self._learn(name, _objects(event.data.get("objects")))

    def recall(self, name: str) -> tuple[Sent, ...]:
        """As `sent`, also of a session that is not here any more. Reads the whole file. Raises OSError."""
        found: tuple[Sent, ...] = ()
        for event, _ in entries(self.folder / _LEDGER):
            if event.kind in _KINDS and event.data.get("name") == name:
                found = _objects(event.data.get("objects"))
        return found

    def _learn(self, name: str, objects: tuple[Sent, ...]) -> None:
        self._sent.pop(name, None)
        if objects:
            self._sent[name] = objects


def order_removal(folder: Path, session: str, what: str) -> None:
    """Has what was shipped of a session removed wherever it was shipped to, sooner or later. Raises OSError."""
    if not _ORDER.fullmatch(f"{session}.{what}"):
        return
    with suppress(FileNotFoundError):
        for place in sorted((folder / SHIP).iterdir()):
            if (place / _LEDGER).exists():
                (place / _REMOVE).mkdir(mode=0o700, exist_ok=True)
                fd = os.open(place / _REMOVE / f"{session}.{what}", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
                os.fsync(fd)
                os.close(fd)


def removals(place: Path) -> list[tuple[Path, str, str]]:
    """The orders of a place: each with its file, the session and what is to go."""
    found = []
    with suppress(OSError):
        for path in sorted((place / _REMOVE).iterdir())[:_MAX_REMOVALS]:
            if match := _ORDER.fullmatch(path.name):
                found.append((path, match[1], match[2]))
    return found


def _objects(value: JSON) -> tuple[Sent, ...]:
    found = []
    for item in value[:_MAX_OBJECTS] if isinstance(value, list) else ():
        if isinstance(item, dict):
            name, size, digest = item.get("name"), item.get("bytes"), item.get("sha256")
            if isinstance(name, str) and isinstance(size, int) and isinstance(digest, str):
                found.append(Sent(name, size, digest))
    return tuple(found)
