"""Small files that are on the disk, whole, before anything counts on them; and locks that processes take in turn."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["in_turn", "replace_file", "sync", "sync_folder", "take"]

_PAUSE = 0.01


def replace_file(path: Path, data: bytes) -> None:
    """Puts a file, readable by its owner alone, in the place of the one before; a crash leaves either. Raises OSError.

    Its folder must be there.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(fd)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Has a file or folder reach the disk, never one that is linked to. Raises OSError."""
    _sync(path, os.O_NOFOLLOW | os.O_NONBLOCK)


def sync_folder(path: Path) -> None:
    """Has it reach the disk what a folder holds, also one that is linked to. Raises OSError."""
    _sync(path, os.O_DIRECTORY)


def take(lock: Path) -> int:
    """A lock that is this process's until the handle is closed, however it ends. Raises BlockingIOError where another
    process has it, OSError.
    """
    fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise
    return fd


@contextmanager
def in_turn(lock: Path, patience: float) -> Iterator[None]:
    """Alone among the processes that take this lock. Blocks; raises OSError when its turn does not come in so many
    seconds.
    """
    fd = _waited(lock, time.monotonic() + patience)
    try:
        yield
    finally:
        os.close(fd)


def _sync(path: Path, flags: int) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _waited(lock: Path, until: float) -> int:
    while True:
        try:
            return take(lock)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise OSError("somebody else holds it") from None
            time.sleep(_PAUSE)
