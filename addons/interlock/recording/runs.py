"""Which principal a run id belongs to, and which sessions it had: remembered across restarts.

One small file a run under `.runs/`, named by the SHA-256 of the run id, one line a session: its ULID and the digest
of (issuer, subject). Lines are only appended, so of two gateways that claim a run at once, the first line wins. The
evidence's own first line outranks the index where it can be read; without the folder, the index is made from it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from interlock.errors import InterlockError, Refused
from interlock.reasons import Reason
from interlock.recording.canonical import canonical
from interlock.recording.chain import open_plain
from interlock.recording.event import Event, parse
from interlock.recording.keyring import Keyring
from interlock.recording.opening import opened
from interlock.recording.session import EVIDENCE
from interlock.recording.ulid import is_ulid

__all__ = ["Runs", "binding", "first_event", "session_folders"]

_RUN = re.compile(r"[A-Za-z0-9._~:+/=-]{1,128}")
_ENTRY = re.compile(rb"([0-7][0-9A-HJKMNP-TV-Z]{25}) ([0-9a-f]{64})")
_MAX_FIRST_LINE = 64 << 10
_PART = 8192
_FOLDER = ".runs"


def binding(issuer: str, subject: str) -> str:
    """A digest that stands for a principal in the index."""
    return hashlib.sha256(canonical([issuer, subject])).hexdigest()


def session_folders(folder: Path) -> list[str]:
    """The names of the session folders, oldest first; a link to one elsewhere is none. Raises OSError."""
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in entries if is_ulid(entry.name) and entry.is_dir(follow_symlinks=False))


def first_event(folder: Path) -> Event | None:
    """The `opened` event of a session folder, when it is intact and the folder's own. Never raises."""
    try:
        with open_plain(folder / EVIDENCE) as file:
            line = file.readline(_MAX_FIRST_LINE)
    except OSError:
        return None
    event, fault = parse(line.removesuffix(b"\n"))
    own = event is not None and not fault and event.kind == "opened" and event.data.get("session") == folder.name
    return event if own else None


class Runs:
    """The index of one recordings folder. With `keys`, owners are keyed digests, and sealed first lines are opened."""

    __slots__ = ("_folder", "_index", "_keys")

    def __init__(self, folder: Path, keys: Keyring | None = None) -> None:
        self._folder = folder
        self._index = folder / _FOLDER
        self._keys = keys

    def owner(self, issuer: str, subject: str) -> str:
        """What stands for a principal here. Raises OSError, InterlockError without the key."""
        return binding(issuer, subject) if self._keys is None else self._keys.current().whose(issuer, subject)

    def _first(self, name: str) -> Event | None:
        event = first_event(self._folder / name)
        return event if event is None or self._keys is None else opened(event, self._folder / name, self._keys)

    def whose(self, name: str) -> str:
        """The owner of a session by its first line; empty where nobody can tell. Never raises."""
        try:
            event = self._first(name)
            said = event.data if event is not None else {}
            issuer, subject = said.get("issuer"), said.get("subject")
            if isinstance(issuer, str) and isinstance(subject, str):
                return self.owner(issuer, subject)
            return str(said.get("whose", ""))  # encrypted, and not to be opened here
        except (OSError, InterlockError):
            return ""

    def prepare(self) -> None:
        """Makes the index from the sessions' first lines when there is none. Raises OSError."""
        if self._index.is_dir():
            return
        fresh = self._folder / f"{_FOLDER}.{os.getpid()}"
        fresh.mkdir(mode=0o700, exist_ok=True)
        for name in session_folders(self._folder):
            event = self._first(name)
            if event and event.data.get("run"):
                run, issuer, subject = (str(event.data.get(key, "")) for key in ("run", "issuer", "subject"))
                _add(fresh / _name(run), name, self.owner(issuer, subject))
        fresh.rename(self._index)

    def files(self, run: str) -> tuple[Path, ...]:
        """What has to be on the disk for a claim to be remembered."""
        return (self._index / _name(run), self._index) if run else ()

    def check(self, run: str, owner: str) -> None:
        """Raises Refused (RUN_REFUSED) when a run id is malformed or belongs to another owner (a binding)."""
        if not _RUN.fullmatch(run):
            raise Refused(Reason.RUN_REFUSED, "the run id is not 1 to 128 letters, digits or ._~:+/=-")
        try:
            for name, claimed in _entries(self._index / _name(run), first=True):
                if (self._said(name, run) or claimed) != owner:
                    raise Refused(Reason.RUN_REFUSED, "the run id belongs to another principal")
                return
        except OSError as error:
            raise _refused(error) from None

    def claim(self, run: str, owner: str, session: str) -> str:
        """Notes a new session of a run for its owner, and returns the session before it, or nothing.

        Raises Refused: RUN_REFUSED as `check`, RECORDING_UNAVAILABLE when the claim cannot be written.
        """
        path = self._index / _name(run)
        self.check(run, owner)
        try:
            _add(path, session, owner)
            self.check(run, owner)
            earlier = [name for name, _ in _entries(path, first=False)]
        except OSError as error:
            raise _refused(error) from None
        return next((name for name in reversed(earlier) if self._said(name, run) == owner), "")

    def _said(self, session: str, run: str) -> str:
        """Whose session it is, by its own first line."""
        event = self._first(session)
        if event is None or event.data.get("run") != run:
            return ""
        return self.owner(str(event.data.get("issuer", "")), str(event.data.get("subject", "")))


def _name(run: str) -> str:
    return hashlib.sha256(run.encode("utf-8", "backslashreplace")).hexdigest()


def _entries(path: Path, *, first: bool) -> Iterator[tuple[str, str]]:
    """The entries in the first, or the last, few KiB of a run's file; torn ones are passed over."""
    try:
        with open_plain(path) as file:
            if not first:
                file.seek(max(0, os.fstat(file.fileno()).st_size - _PART))
            data = file.read(_PART)
    except FileNotFoundError:
        return
    for line in data.split(b"\n"):
        if match := _ENTRY.fullmatch(line):
            yield match[1].decode(), match[2].decode()


def _add(path: Path, session: str, owner: str) -> None:
    """Begins with a newline too, so that a line torn before it stays alone."""
    line = f"\n{session} {owner}\n".encode()
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        if os.write(fd, line) != len(line):
            raise OSError("the entry was written in part")
    finally:
        os.close(fd)


def _refused(error: OSError) -> Refused:
    why = error.strerror or error
    return Refused(Reason.RECORDING_UNAVAILABLE, f"the index of runs cannot be used ({why})")
