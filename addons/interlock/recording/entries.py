"""What a tree's files hold, read without changing them: entries from any byte on, and the heads at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from interlock.recording.chain import open_plain
from interlock.recording.event import MAX_EVENT, Event, parse
from interlock.recording.head import Head, read_head

__all__ = ["entries", "piece", "recent_heads", "size_of"]

_RECENT = 1 << 20


def entries(path: Path, start: int = 0) -> Iterator[tuple[Event, bytes]]:
    """The intact events from a byte on, each with its line without the newline. Raises OSError."""
    with open_plain(path) as file:
        file.seek(start)
        while raw := file.readline(MAX_EVENT + 1):
            event, fault = parse(raw[:-1]) if raw.endswith(b"\n") else (None, "")
            if event is not None and not fault:
                yield event, raw[:-1]


def recent_heads(path: Path, size: int = _RECENT) -> list[Head]:
    """The heads in the last megabyte of a file, in order; none when there is no file. Raises OSError."""
    try:
        start = max(0, size_of(path) - size)
        return [head for event, _ in entries(path, start) if (head := read_head(event)) is not None]
    except FileNotFoundError:
        return []


def piece(path: Path, start: int, end: int) -> bytes:
    """The bytes from one place to another. Raises OSError."""
    with open_plain(path) as file:
        return os.pread(file.fileno(), end - start, start)


def size_of(path: Path) -> int:
    """A file's size in bytes, 0 when there is none. Raises OSError."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
