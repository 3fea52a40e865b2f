"""One session's flow file: appended to as a whole or not at all, with the digest of what stands in it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from interlock.model import JSON

__all__ = ["FlowFile"]

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_TOGETHER = 1024
"""Pieces that the system takes at once (POSIX, IOV_MAX)."""
_SMALL = 256 << 10
"""Bytes that are faster joined than handed over piece by piece."""


class FlowFile:
    """One session's flow file, and what was written to it. Written by the writer alone: on the
    event loop while nothing of it is `pending`, by the writer's thread otherwise.

    `seals` encrypts what is to be appended, given how many flows it is and where it will stand.
    """

    __slots__ = ("_digest", "_seals", "_so_far", "_torn", "count", "lost", "path", "pending", "size")

    def __init__(self, path: Path, seals: Callable[[bytes, int, int], bytes] | None = None) -> None:
        self.path = path
        self._seals = seals
        self.count = 0
        self.size = 0
        self.lost = 0
        self.pending = 0
        self._digest = hashlib.sha256()
        self._so_far = 0, hashlib.sha256()
        self._torn = False

    @property
    def written(self) -> tuple[int, str]:
        """Bytes and SHA-256 of what stands in the file, of one moment; for any thread."""
        size, digest = self._so_far
        return size, digest.hexdigest()

    def summary(self) -> dict[str, JSON]:
        """For the `closed` event: how many flows, bytes and their SHA-256; how many were lost or are still queued."""
        return {
            "bytes": self.size,
            "count": self.count,
            "lost": self.lost,
            "pending": self.pending,
            "sha256": self._digest.hexdigest(),
        }

    def write(self, parts: Sequence[bytes], flows: int = 1) -> None:
        """Appends encoded flows, given in pieces, as a whole. Raises OSError; a part of them is taken back before the
        next try.
        """
        if self._seals is not None:
            parts = [self._seals(b"".join(parts), flows, self.size)]
        size = sum(map(len, parts))
        if size <= _SMALL:
            parts = [b"".join(parts)]
        fd = os.open(self.path, _FLAGS, 0o600)
        try:
            if self._torn:
                os.ftruncate(fd, self.size)
            self._torn = True
            for start in range(0, len(parts), _TOGETHER):
                _append(fd, parts[start : start + _TOGETHER])
            self._torn = False
        except OSError:
            with suppress(OSError):  # at once: who ships the file takes what stands in it
                os.ftruncate(fd, self.size)
                self._torn = False
            raise
        finally:
            os.close(fd)
        for part in parts:
            self._digest.update(part)
        self.size += size
        self._so_far = self.size, self._digest.copy()
        self.count += flows


def _append(fd: int, parts: Sequence[bytes]) -> None:
    done, size = os.writev(fd, parts), sum(map(len, parts))
    if done < size:
        view = memoryview(b"".join(parts))[done:]
        while view:
            view = view[os.write(fd, view) :]
