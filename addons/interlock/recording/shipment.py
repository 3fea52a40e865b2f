"""The ledger of what was shipped to one place: a chained file, so that nobody can add a shipment to it later unseen.

    .ship/<place>/shipped.jsonl    {"kind":"shipped","data":{"name":"<session>","objects":[{"bytes","name",…},…]},…}
                                   {"kind":"removed","data":{"name":"<session>","files":["flows.mitm"]},…}
    .ship/<place>/remove/<session>.<what>    an order: what was shipped of it is to go there too
    .ship/<place>/lock             held by who ships to that place: one process at a time

What waits to be shipped is what lies among the recordings and is not in the ledger: nothing has to be written down for
that, so nothing can be forgotten. Of a file that grows each piece is noted once it lies there (`segments`).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from interlock.model import JSON
from interlock.ports import Clock
from interlock.recording.chain import Chain
from interlock.recording.disk import take
from interlock.recording.entries import entries
from interlock.recording.runs import session_folders
from interlock.recording.segments import read_piece

__all__ = ["COPIED_HEADS", "SHIP", "Sent", "Shipments", "order_removal", "removals"]

SHIP: Final = ".ship"
"""The folder of what is known of shipping, among the recordings."""

COPIED_HEADS: Final = "heads"
"""Where signed heads lie beside shipped sessions."""

_LEDGER, _REMOVE, _LOCK = "shipped.jsonl", "remove", "lock"
_PLACE = re.compile(r"[a-z0-9-]{1,100}")
_ORDER = re.compile(r"([0-7][0-9A-HJKMNP-TV-Z]{25})\.(flows|salt|key|session)")
_MAX_OBJECTS = 16
_MAX_REMOVALS = 10_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One object as it lies there: its name within the session (a piece's), how many bytes, and their SHA-256."""

    name: str
    bytes: int
    sha256: str


type _Known = dict[str, list[Sent]]


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
        self._sent: dict[str, _Known] = {}
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
        """What lies there of a session, piece by piece of each file, or of a tree the last piece of its heads."""
        return tuple(sent for pieces in self._sent.get(name, {}).values() for sent in pieces)

    def pieces(self, name: str, file: str) -> list[Sent]:
        """What lies there of a session's file, one piece after the other without a gap."""
        return self._sent.get(name, {}).get(file, [])

    def end(self, name: str, file: str) -> int:
        """How many bytes of a session's file lie there."""
        found = self.pieces(name, file)
        return _start(found[-1]) + found[-1].bytes if found else 0

    def __len__(self) -> int:
        return len(self._sent)

    def note(self, name: str, objects: Iterable[Sent]) -> None:
        """Notes what lies there now, besides what did; a file's first piece takes the place of all. Raises OSError."""
        said: list[JSON] = [{"bytes": sent.bytes, "name": sent.name, "sha256": sent.sha256} for sent in objects]
        self._write("shipped", {"name": name, "objects": said})

    def forget(self, name: str, files: Iterable[str]) -> None:
        """Notes that nothing lies there any more of these files of a session. Raises OSError."""
        self._write("removed", {"files": [*files], "name": name})

    def _write(self, kind: str, data: Mapping[str, JSON]) -> None:
        if self._chain is None:
            raise OSError("this ledger is only read")
        self._chain.append(kind, data, self._clock.now())
        self._learn(kind, data)

    def recall(self, name: str) -> tuple[Sent, ...]:
        """As `sent`, also of a session that is not here any more. Reads the whole file. Raises OSError."""
        found: _Known = {}
        for event, _ in entries(self.folder / _LEDGER):
            if event.data.get("name") == name:
                found = _learned(found, event.kind, event.data)
        return tuple(sent for pieces in found.values() for sent in pieces)

    def close(self) -> None:
        """Lets another process ship to this place."""
        if self._chain is not None:
            self._chain.release()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _take(self) -> None:
        try:
            self._lock = take(self.folder / _LOCK)
        except BlockingIOError:
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
                if isinstance(name, str) and (name in here or "/" in name):
                    self._learn(event.kind, event.data)

    def _learn(self, kind: str, data: Mapping[str, JSON]) -> None:
        name = str(data.get("name"))
        if known := _learned(self._sent.pop(name, {}), kind, data):
            self._sent[name] = known


def _learned(known: _Known, kind: str, data: Mapping[str, JSON]) -> _Known:
    """What lies there after a line of the ledger. Of what was removed, earlier versions listed what is left."""
    files = data.get("files")
    if kind == "removed":
        known = {file: pieces for file, pieces in known.items() if isinstance(files, list) and file not in files}
    for sent in _objects(data.get("objects")) if kind in ("shipped", "removed") else ():
        file, start = read_piece(sent.name) or ("", 0)
        pieces = known.setdefault(file, [])
        if not start:
            pieces[:] = [sent]
        elif pieces and start == _start(pieces[-1]) + pieces[-1].bytes:
            pieces.append(sent)
    return known


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


def _start(sent: Sent) -> int:
    piece = read_piece(sent.name)
    return piece[1] if piece is not None else 0


def _objects(value: JSON) -> tuple[Sent, ...]:
    found = []
    for item in value[:_MAX_OBJECTS] if isinstance(value, list) else ():
        if isinstance(item, dict):
            name, size, digest = item.get("name"), item.get("bytes"), item.get("sha256")
            if isinstance(name, str) and isinstance(size, int) and isinstance(digest, str):
                found.append(Sent(name, size, digest))
    return tuple(found)
