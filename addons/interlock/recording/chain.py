"""An append-only file of chained events, written by one process, on the disk before the caller goes on.

Who needs more than the system's memory has `commit` sync it, which tells the chain how far that went (`keep`).
The file is never repaired. What stands in it and is not an event (a line torn by a full disk or a killed process)
is closed with a newline and followed by a `gap` event that says how many bytes it had and what their digest is.
An append that fails leaves the file as it is; the next append first looks at what is really there.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from interlock.model import JSON
from interlock.recording.canonical import Data
from interlock.recording.event import GENESIS, MAX_EVENT, Event, parse, seal, stamp

__all__ = ["Chain", "ChainBroken", "open_plain", "tail"]

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
_BLOCK = 8192
_LOOK_SECONDS = 1.0
_MAX_TORN = 2 * MAX_EVENT
_MAX_UNSYNCED = 16 * MAX_EVENT


class ChainBroken(OSError):
    """The file is not what this process wrote: shorter, changed or gone. It will not be appended to again."""


class Chain:
    """One chained file. `seq`, `head` (hash) and `size` (bytes) describe its last confirmed event.

    `kept` is the same of the last event that is known to be on the disk, `doubtful` whether a sync has failed since;
    `fresh` are the paths that have to be on the disk too before an event can be found again. `line` writes an event's
    line: `seal`, unless what events say is encrypted.
    """

    __slots__ = ("_fd", "_line", "_looked", "doubtful", "fresh", "head", "kept", "path", "seq", "size")

    def __init__(self, path: Path, line: Callable[..., tuple[bytes, str]] = seal) -> None:
        self.path = path
        self.seq = 0
        self.head = GENESIS
        self.size = 0
        self.kept = 0, GENESIS, 0
        self.doubtful = False
        self.fresh: tuple[Path, ...] = ()
        self._fd = -1
        self._line = line
        self._looked = float("-inf")

    def __repr__(self) -> str:
        return f"Chain({self.path.name}, seq={self.seq})"

    @property
    def is_open(self) -> bool:
        """Whether it holds a file handle."""
        return self._fd >= 0

    @property
    def end(self) -> tuple[int, str, int]:
        """Number, hash and end of the last event written."""
        return self.seq, self.head, self.size

    def handle(self) -> int:
        """A file handle of the caller's own, to be synced and closed. Raises OSError."""
        return os.dup(self._fd)

    def keep(self, end: tuple[int, str, int], fresh: tuple[Path, ...]) -> None:
        """Everything up to `end`, and these paths, are on the disk."""
        self.kept = end
        if self.fresh is fresh:
            self.fresh = ()

    def create(self) -> None:
        """Makes the file, readable by the owner alone. Raises OSError, also when it exists."""
        self._fd = os.open(self.path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)

    def adopt(self, now: float) -> None:
        """Goes on with a file of an earlier process, after its last whole event. Raises OSError, ChainBroken."""
        fd = os.open(self.path, _FLAGS)
        try:
            event, end = tail(fd, os.fstat(fd).st_size)
        finally:
            os.close(fd)
        if event is None:
            raise ChainBroken("no whole event at the end of the file")
        self.seq, self.head, self.size = self.kept = event.seq, event.hash, end
        self._reopen(now)

    def append(self, kind: str, data: Data, now: float) -> int:
        """Writes one event and returns its number.

        Raises OSError when it is not wholly written (ChainBroken when the file is not ours any more), Uncanonical
        when the data cannot be an event; nothing counts as recorded then.
        """
        if self._fd < 0 or self.doubtful:
            self.release()
            self._reopen(now)
        return self._write(kind, data, now)

    def release(self) -> None:
        """Gives the file handle back; the next append opens the file again and checks its end."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def _write(self, kind: str, data: Data, now: float, before: bytes = b"", skip: int = 0) -> int:
        seq, fd, end = self.seq + 1, self._fd, self.size + skip
        line, digest = self._line(kind, data, seq, self.head, stamp(now))
        if before:
            line = before + line
        size = len(line)
        try:
            if not 0 <= now - self._looked < _LOOK_SECONDS:
                self._look_for_name(now)
            if os.lseek(fd, 0, os.SEEK_END) != end:
                raise OSError("the file was changed by somebody else")
            if os.write(fd, line) != size:
                raise OSError("the event was written in part")
        except OSError:
            self.release()
            raise
        self.seq, self.head, self.size = seq, digest, end + size
        return seq

    def _look_for_name(self, now: float) -> None:
        """Whether the file still has one, once a second. Raises OSError."""
        self._looked = now
        if not os.fstat(self._fd).st_nlink:
            raise OSError("the file was changed by somebody else")

    def _reopen(self, now: float) -> None:
        """Opens the file and accounts for whatever stands after the last confirmed event."""
        try:
            self._fd = os.open(self.path, _FLAGS)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise ChainBroken("the file is gone") from error
        try:
            if self.doubtful:
                self._look()
            extra = self._extra()
            if extra:
                self._account(extra, now)
            if self.doubtful:
                self._doubt(now)
        except OSError:
            self.release()
            raise

    def _look(self) -> None:
        """Reads back what was written since the last good sync, from the disk itself where the system lets go of it."""
        seq, head, start = self.kept
        if self.size - start > _MAX_UNSYNCED:
            raise ChainBroken("too much was written since the last sync that worked")
        os.posix_fadvise(self._fd, 0, 0, os.POSIX_FADV_DONTNEED)
        for line in os.pread(self._fd, self.size - start, start).split(b"\n"):
            event, fault = parse(line)
            if event is not None and not fault and (event.seq, event.prev) == (seq + 1, head):
                seq, head = event.seq, event.hash
        if (seq, head) != (self.seq, self.head):
            raise ChainBroken("what was written is not on the disk")

    def _doubt(self, now: float) -> None:
        """Their callers were told that these events failed: they stay, and the gap says so."""
        unsynced = self.seq - self.kept[0]
        self.doubtful = False
        if unsynced:
            try:
                self._write("gap", {"unsynced": unsynced}, now)
            except OSError:
                self.doubtful = True
                raise

    def _extra(self) -> bytes:
        size = os.fstat(self._fd).st_size
        if size < self.size or size - self.size > _MAX_TORN:
            raise ChainBroken("the file is shorter or longer than what was written")
        if self.size:
            event, end = tail(self._fd, self.size)
            if event is None or end != self.size or event.hash != self.head or event.seq != self.seq:
                raise ChainBroken("the last event is not the one that was written")
        return os.pread(self._fd, size - self.size, self.size) if size > self.size else b""

    def _account(self, extra: bytes, now: float) -> None:
        event, fault = parse(extra[:-1])
        if extra.endswith(b"\n") and event and not fault and (event.prev, event.seq) == (self.head, self.seq + 1):
            # Wholly written, but its caller was told that it failed: it stays, and the gap says so.
            self.seq, self.head, self.size = event.seq, event.hash, self.size + len(extra)
            self._write("gap", {"unconfirmed": event.seq}, now)
            return
        data: dict[str, JSON] = {"bytes": len(extra), "sha256": hashlib.sha256(extra).hexdigest()}
        self._write("gap", data, now, before=b"\n", skip=len(extra))


def tail(fd: int, size: int) -> tuple[Event | None, int]:
    """The last line that ends within the first `size` bytes, when it is an intact event, and the offset after it.

    Reads at most a few MiB. Raises OSError only.
    """
    data, start = b"", size
    while start > 0 and size - start <= _MAX_TORN + MAX_EVENT:
        length = min(max(_BLOCK, len(data)), start)
        start -= length
        data = os.pread(fd, length, start) + data
        end = data.rfind(b"\n")
        begin = data.rfind(b"\n", 0, end) if end > 0 else -1
        if end >= 0 and (begin >= 0 or start == 0):
            event, fault = parse(data[begin + 1 : end])
            return (None if fault else event), start + end + 1
    return None, 0


def open_plain(path: Path) -> BinaryIO:
    """Opens a plain file for reading. Raises OSError, also for links, pipes and devices."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError("not a plain file")
    return os.fdopen(fd, "rb")
