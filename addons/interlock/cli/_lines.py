"""Lines as they come, bounded: one that is too long is passed over unread, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

__all__ = ["lines"]

_PIECE = 1 << 20


def lines(source: IO[bytes], longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Numbers (from 1) and lines that are not empty, without their end; None in place of one that is too long."""
    number = 0
    while raw := source.readline(longest + 1):
        number += 1
        if len(raw) > longest:
            while raw and not raw.endswith(b"\n"):
                raw = source.readline(_PIECE)
            yield number, None
        elif raw.strip():
            yield number, raw.strip()
