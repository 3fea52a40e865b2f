"""Lines as they come, bounded: one that is too long is passed over unread, and the rest goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

import msgspec

__all__ = ["id_of", "lines"]

_PIECE = 1 << 20
_ID = re.compile(rb'\s*+\{\s*+"id"\s*+:\s*+("(?:[^"\\]|\\.){0,200}+"|-?[0-9]{1,30})\s*+[,}]')


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


def id_of(raw: bytes) -> bytes:
    """The id of a line that cannot be read, as JSON, so that its answer can be told from others: where the id is the
    first member, a short text or a number. Elsewhere null.
    """
    found = _ID.match(raw)
    try:
        return found[1] if found and msgspec.json.decode(found[1]) is not None else b"null"
    except (msgspec.MsgspecError, ValueError):
        return b"null"
