"""A document that is written whole or not at all: its pieces wait aside until the last one is there.

Who writes it may fail in the middle (a key that is not here, a file that was changed), and half a document looks like
one. It waits in memory while it is small, else in a file without a name that goes with this process.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

__all__ = ["gathered", "put"]

_IN_MEMORY: Final = 8 << 20
_PIECE: Final = 1 << 20


def gathered(pieces: Iterable[str]) -> Iterator[str]:
    """The same text, of which the first is given when all of it was made. Raises whatever making it raises, OSError."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as aside:
        aside.writelines(pieces)
        aside.seek(0)
        while piece := aside.read(_PIECE):
            yield piece


def put(pieces: Iterable[str], path: Path) -> None:
    """Makes a file of it, readable by its owner alone. Raises FileExistsError, OSError, whatever making it raises."""
    if path.exists() or path.is_symlink():
        raise FileExistsError
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(fd, "w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
        try:
            os.link(fresh, path)  # unlike a rename it takes nobody's place
        except PermissionError:  # a file system without links
            fresh.rename(path)
    finally:
        with suppress(OSError):
            fresh.unlink()
