"""Which sessions a gateway has open: a small file of its own, locked for as long as the gateway lives.

`.open/` holds one such file a gateway, with a line `+SESSION` where a session was opened and `-SESSION` where it was
closed; lines are only appended, and the file is written anew when it has grown. The lock (flock, which ends with the
process however that ends) says whether the gateway lives: a file that nobody holds is what a dead one left, and its
sessions are recovered by whoever gets the lock. Where there are no locks, nobody's sessions are touched.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from interlock.recording.ulid import is_ulid

__all__ = ["Held", "Left", "left_behind", "prepare"]

_FOLDER = ".open"
_LINE = re.compile(rb"([+-])([0-7][0-9A-HJKMNP-TV-Z]{25})")
_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
_MAX_LINES = 4096
_MAX_BYTES = 64 << 20


def prepare(folder: Path) -> None:
    """Makes `.open`; sessions from before there was one are looked at once. Raises OSError."""
    if (folder / _FOLDER).is_dir():
        return
    fresh = folder / f"{_FOLDER}.{os.getpid()}"
    fresh.mkdir(mode=0o700, exist_ok=True)
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if is_ulid(entry.name))
    if names:
        (fresh / "before").write_text("".join(f"+{name}\n" for name in names), encoding="ascii")
    try:
        fresh.rename(folder / _FOLDER)
    except OSError:
        if not (folder / _FOLDER).is_dir():  # another gateway was faster
            raise


class Held:
    """The open sessions of this gateway. Its file is made with the first of them."""

    __slots__ = ("_fd", "_folder", "_lines", "_names", "path")

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FOLDER
        self._folder = folder / _FOLDER
        self._names: set[str] = set()
        self._lines = 0
        self._fd = -1

    def begin(self, name: str) -> None:
        """A session is about to be opened. Raises OSError when that cannot be written down."""
        if self._fd < 0 or self._lines >= _MAX_LINES + 4 * len(self._names):
            self._renew()
        self._write(b"\n+%b\n" % name.encode())
        self._names.add(name)

    def end(self, name: str) -> None:
        """A session was closed, or is never to be touched again. Never raises: a closed one is recognised."""
        if name in self._names:
            self._names.discard(name)
            with suppress(OSError):
                self._write(b"\n-%b\n" % name.encode())

    def files(self) -> tuple[Path, ...]:
        """What has to be on the disk for an open session to be found."""
        return self.path, self._folder

    def close(self) -> None:
        """The gateway ends: what is still open is for the next one to recover."""
        if self._fd >= 0:
            if not self._names:
                with suppress(OSError):
                    self.path.unlink()
            os.close(self._fd)
            self._fd = -1

    def _write(self, line: bytes) -> None:
        self._lines += 1
        if os.write(self._fd, line) != len(line):
            raise OSError("the list of open sessions was written in part")

    def _renew(self) -> None:
        self._folder.mkdir(mode=0o700, exist_ok=True)  # somebody tidied up
        path = self._folder / secrets.token_hex(8)
        fd = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with suppress(OSError):  # where there are no locks nobody gets this one either
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lines = b"".join(b"+%b\n" % name.encode() for name in self._names)
            if os.fstat(fd).st_nlink == 0 or os.write(fd, lines) != len(lines):
                raise OSError("the list of open sessions was written in part")
        except OSError:
            path.unlink(missing_ok=True)
            os.close(fd)
            raise
        old, old_path = self._fd, self.path
        self._fd, self.path, self._lines = fd, path, len(self._names)
        if old >= 0:
            old_path.unlink(missing_ok=True)
            os.close(old)


class Left:
    """What a dead gateway left open; held by a lock until `done` or `release`."""

    __slots__ = ("_fd", "_path", "names")

    def __init__(self, path: Path, fd: int) -> None:
        self._path = path
        self._fd = fd
        self.names = _names(fd)

    def done(self) -> None:
        """Everything of it was looked after. Raises OSError."""
        self._path.unlink(missing_ok=True)

    def release(self) -> None:
        """Gives the lock back."""
        os.close(self._fd)


def left_behind(folder: Path) -> Iterator[Left]:
    """The lists that no living gateway holds, each locked while it is looked at. Raises OSError."""
    with os.scandir(folder / _FOLDER) as entries:
        paths = sorted(entry.path for entry in entries)
    for path in paths:
        try:
            fd = os.open(path, _FLAGS)
        except OSError:
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left = Left(Path(path), fd) if os.fstat(fd).st_nlink else None
        except OSError:
            left = None
        if left is None:
            os.close(fd)
            continue
        try:
            yield left
        finally:
            left.release()


def _names(fd: int) -> list[str]:
    names: dict[str, None] = {}
    for line in os.pread(fd, _MAX_BYTES, 0).split(b"\n"):
        if match := _LINE.fullmatch(line):
            name = match[2].decode()
            if match[1] == b"+":
                names[name] = None
            else:
                names.pop(name, None)
    return list(names)
