"""What a tree vouches for, as its entries say it, and how what advanced is found on the disk.

`session`   a session's folder: its last event (`seq`, `hash`), whether it is closed, and its flow file so far
`log`       a chained log of the folder (`refusals`, `looks`, …): its last event, and where its halves begin (`starts`)
`file`      a file that is only added to (an index of a run): its bytes and their SHA-256 so far
`whole`     a file that is replaced as a whole (kept rules, wrapped keys): its bytes and their SHA-256 now
`tombstone` something of a session was deleted on purpose: what, why, by which rule
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from interlock.model import JSON
from interlock.recording.chain import open_plain, tail
from interlock.recording.event import MAX_EVENT, parse
from interlock.recording.runs import session_folders
from interlock.recording.session import EVIDENCE, FLOWS
from interlock.recording.tips import Tip

__all__ = [
    "MARGIN",
    "Entry",
    "Watch",
    "changed_since",
    "file_entry",
    "log_files",
    "session_entry",
    "tip_of",
    "whole_files",
]

MARGIN = 300.0
"""Seconds by which times of change are trusted less than the clock."""

_LOG = re.compile(r"([a-z]+(?:-[0-9]{1,2})?)\.jsonl")
_WHOLE = re.compile(r"\.keys/[0-9a-f]{16}\.json|\.rules/[0-9a-f]{64}/([^/\0]+/){0,8}[^/\0]+")
_CHUNK = 1 << 20
_MOST_FILES = 100_000


class Entry(NamedTuple):
    """An entry to be: its kind, what it is about, and what it says."""

    kind: str
    name: str
    data: dict[str, JSON]


def session_entry(tip: Tip) -> Entry:
    """What the tree says of a session."""
    return Entry(
        "session",
        tip.name,
        {
            "closed": tip.closed,
            "flows": {"bytes": tip.flows, "sha256": tip.digest},
            "hash": tip.hash,
            "name": tip.name,
            "seq": tip.seq,
        },
    )


def file_entry(folder: Path, path: Path, kind: str = "file") -> Entry | None:
    """What the tree says of a file as it is now; None when there is none. Raises OSError."""
    try:
        size, digest = _digest(path)
    except FileNotFoundError:
        return None
    name = path.relative_to(folder).as_posix()
    return Entry(kind, name, {"bytes": size, "name": name, "sha256": digest})


def tip_of(folder: Path) -> Tip | None:
    """How far a session went that nobody here holds, from its files. None when it has no event. Raises OSError."""
    try:
        with open_plain(folder / EVIDENCE) as file:
            event, _ = tail(file.fileno(), os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        return None
    if event is None:
        return None
    try:
        size, digest = _digest(folder / FLOWS)
    except FileNotFoundError:
        size, digest = 0, hashlib.sha256().hexdigest()
    return Tip(folder.name, event.seq, event.hash, event.kind == "closed", size, digest)


def changed_since(folder: Path, moment: float) -> Iterator[str]:
    """Sessions whose evidence was written to after a moment (seconds since the epoch), or shortly before it."""
    for name in session_folders(folder):
        try:
            if (folder / name / EVIDENCE).stat().st_mtime >= moment - MARGIN:
                yield name
        except OSError:
            continue


def log_files(folder: Path) -> list[str]:
    """The names of the chained logs of a folder, without their ending. Raises OSError."""
    with os.scandir(folder) as entries:
        return sorted(match[1] for entry in entries if (match := _LOG.fullmatch(entry.name)))


class Watch:
    """Logs and small files, looked at by size and time of change: what is as it was costs one `stat`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[int, int, int]] = {}

    def changed(self) -> Iterator[Entry]:
        """What is not as it was the last time; what cannot be read now is tried the next time."""
        for name in log_files(self._folder):
            path = self._folder / f"{name}.jsonl"
            if self._is_new(path) and (found := _log_entry(path)) is not None:
                yield found
        for path in whole_files(self._folder):
            if self._is_new(path) and (found := _whole_entry(self._folder, path)) is not None:
                yield found

    def _is_new(self, path: Path) -> bool:
        try:
            now = path.stat()
        except OSError:
            return False
        state = now.st_ino, now.st_size, now.st_mtime_ns
        if self._seen.get(str(path)) == state:
            return False
        self._seen[str(path)] = state
        return True

    def forget(self) -> None:
        """Look at everything anew: what was told could not be written down."""
        self._seen.clear()


def _log_entry(path: Path) -> Entry | None:
    try:
        with open_plain(path) as file:
            event, _ = tail(file.fileno(), os.fstat(file.fileno()).st_size)
        if event is None:
            return None
        starts: list[JSON] = [seq for half in (path.with_suffix(".1.jsonl"), path) if (seq := first_number(half))]
    except OSError:
        return None
    name = path.name.removesuffix(".jsonl")
    return Entry("log", name, {"hash": event.hash, "name": name, "seq": event.seq, "starts": starts})


def first_number(path: Path) -> int:
    """The number of a file's first event, 0 without one."""
    try:
        with open_plain(path) as file:
            event, fault = parse(file.readline(MAX_EVENT).removesuffix(b"\n"))
    except FileNotFoundError:
        return 0
    return event.seq if event is not None and not fault else 0


def whole_files(folder: Path) -> Iterator[Path]:
    """The files that are vouched for as they are now, in order."""
    found = 0
    for top in (".keys", ".rules"):
        for parent, folders, files in os.walk(folder / top):
            folders.sort()
            for name in sorted(files):
                path = Path(parent) / name
                if _WHOLE.fullmatch(path.relative_to(folder).as_posix()):
                    found += 1
                    if found > _MOST_FILES:
                        return
                    yield path


def _whole_entry(folder: Path, path: Path) -> Entry | None:
    try:
        return file_entry(folder, path, "whole")
    except OSError:
        return None


def _digest(path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with open_plain(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()
