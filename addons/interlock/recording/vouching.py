"""What a tree vouches for, as its entries say it, and how what advanced is found on the disk.

`session`   a session's folder: its last event (`seq`, `hash`), whether it is closed, and its flow file so far
`log`       a chained log of the folder (`refusals`, `looks`, …): its last event, and where its halves begin (`starts`)
`broken`    a log did not go on from what was said of it last: why; it was replaced, cut or changed
`gone`      a log is gone that may go: what was shipped to a place that was dropped from the rules
`logs`      what was said of each log last, all together: where the next start begins to read
`file`      a file that is only added to (an index of a run): its bytes and their SHA-256 so far
`whole`     a file that is replaced as a whole (kept rules, wrapped keys): its bytes and their SHA-256 now
`tombstone` something of a session was deleted on purpose: what, why, by which rule
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from interlock.model import JSON
from interlock.recording.chain import open_plain, tail
from interlock.recording.continuity import fault, seen
from interlock.recording.log_file import is_there, rotated
from interlock.recording.log_word import LOG_NAME, LogWord, may_go
from interlock.recording.reading import read_lines
from interlock.recording.runs import session_folders
from interlock.recording.session import EVIDENCE, FLOWS
from interlock.recording.shipment import SHIP
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

_WHOLE = re.compile(r"\.keys/[0-9a-f]{16}\.json|\.rules/[0-9a-f]{64}/([^/\0]+/){0,8}[^/\0]+")
_CHUNK = 1 << 20
_MOST_FILES = 100_000
_MAX_WHY = 1000


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
    """The names of the chained logs of a folder, and of what it says was shipped, without ending. Raises OSError."""
    with os.scandir(folder) as entries:
        files = [entry.name for entry in entries if entry.name.endswith(".jsonl")]
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder / SHIP) as places:
        ledgers = (f"{SHIP}/{place.name}/shipped.jsonl" for place in places if place.is_dir(follow_symlinks=False))
        files += [ledger for ledger in ledgers if (folder / ledger).exists()]
    names = (file.removesuffix(".jsonl") for file in files)
    return sorted(name for name in names if LOG_NAME.fullmatch(name))


class Watch:
    """Logs and small files, looked at by size and time of change: what is as it was costs one `stat`.

    `words` are what was said last of each log; `later` finds what others may have said since, where one does not go on
    from there. `since` is when something was said of logs last (RFC 3339): none that nobody knew may be older.
    """

    def __init__(
        self,
        folder: Path,
        words: Mapping[str, LogWord] | None = None,
        *,
        later: Callable[[], Mapping[str, LogWord]] = dict,
        since: str = "",
    ) -> None:
        self._folder = folder
        self._words = dict(words or {})
        self._later = later
        self._since = since
        self._seen: dict[str, tuple[int, int, int]] = {}

    def changed(self) -> Iterator[Entry]:
        """What is not as it was the last time; what cannot be read now is tried the next time."""
        for name in sorted({*log_files(self._folder), *self._words}):
            path = self._folder / f"{name}.jsonl"
            if self._is_new(path):
                try:
                    yield from self._log(name, path)
                except OSError:
                    self._seen.pop(str(path), None)
        for path in whole_files(self._folder):
            if self._is_new(path) and (found := _whole_entry(self._folder, path)) is not None:
                yield found

    def _log(self, name: str, path: Path) -> Iterator[Entry]:
        """How far a log went; and before that, if it is not the one that it was, that it is broken. Raises OSError."""
        word = self._words.get(name)
        now = seen(path, word.starts if word is not None else ())
        if word is not None and word.seq and may_go(name) and not is_there(path):
            self._words[name] = LogWord()
            yield Entry("gone", name, {"name": name, "seq": word.seq})
            return
        why = fault(self._folder, name, word) if word is not None else self._slipped_in(path)
        last = word.seq if word is not None else 0
        if why and (other := self._later().get(name)) is not None and other.seq > last:
            why = fault(self._folder, name, other)  # another gateway saw it turn over in the meantime
        if why:
            self._words[name] = LogWord()
            yield Entry("broken", name, {"name": name, "seq": last, "why": why[:_MAX_WHY]})
        if now is not None:
            self._words[name] = now
            yield Entry("log", name, {**now.data(), "name": name})

    def _slipped_in(self, path: Path) -> str:
        """Why a log that no tree knew cannot be a new one; empty when it can. Raises OSError."""
        if not self._since or path.parent != self._folder:  # older versions did not vouch for what was shipped
            return ""
        first = next(iter(read_lines(path)), None) if path.exists() else None
        if first is None or first.event is None or first.event.at >= self._since:
            return ""
        return f"it begins at {first.event.at}, and no tree knew it: it was slipped in"

    def _is_new(self, path: Path) -> bool:
        state = _state(path) or _state(rotated(path)) or (0, 0, 0)
        if self._seen.get(str(path)) == state:
            return False
        self._seen[str(path)] = state
        return True

    def forget(self) -> None:
        """Look at everything anew: what was told could not be written down."""
        self._seen.clear()


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        now = path.stat(follow_symlinks=False)
    except OSError:
        return None
    return now.st_ino, now.st_size, now.st_ctime_ns


def whole_files(folder: Path) -> Iterator[Path]:
    """The files that are vouched for as they are now, in order."""
    found = 0
    for top in (".keys", ".rules"):
        if (folder / top).is_symlink():
            continue
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
