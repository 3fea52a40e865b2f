"""The files of a session on their way to another place, and whether they lie there as they are here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO, Final

from interlock.recording.chain import open_plain, tail
from interlock.recording.session import EVIDENCE
from interlock.recording.shipment import Sent, Shipments

__all__ = ["chunks", "lies_there", "same_whole", "size_of", "span", "state_of"]

_CHUNK: Final = 1 << 20
_DIGITS: Final = 18


def lies_there(folder: Path, shipments: Shipments, name: str, names: tuple[str, ...]) -> bool:
    """Whether these files of a session lie at a place as they are here, by the digests of what was read back there."""
    try:
        return bool(shipments.pieces(name, EVIDENCE)) and all(
            same_whole(folder / name / file, shipments.pieces(name, file))
            for file in names
            if (folder / name / file).exists()
        )
    except OSError:
        return False


def span(sent: Sent) -> int:
    """Where the heads after this piece begin: its own offset and size."""
    start = sent.name.removesuffix(".jsonl")
    return int(start) + sent.bytes if start.isascii() and start.isdigit() and len(start) <= _DIGITS else 0


async def chunks(file: BinaryIO, start: int, size: int, seen: Callable[[bytes], None]) -> AsyncIterator[bytes]:
    """Exactly so many bytes. Raises OSError when the file is shorter."""
    file.seek(start)
    while size:
        piece = file.read(min(size, _CHUNK))
        if not piece:
            raise OSError("the file became shorter while it was read")
        seen(piece)
        size -= len(piece)
        yield piece


def same_whole(path: Path, pieces: list[Sent]) -> bool:
    """Whether pieces that lie there are this file, from its first byte to its last. Raises OSError."""
    with open_plain(path) as file:
        same = all(_digest(file, sent.bytes) == sent.sha256 for sent in pieces)
        return same and bool(pieces) and not file.read(1)


def _digest(file: BinaryIO, size: int) -> str:
    """Of the next so many bytes, or of what is left."""
    digest = hashlib.sha256()
    while size and (piece := file.read(min(size, _CHUNK))):
        digest.update(piece)
        size -= len(piece)
    return digest.hexdigest()


def state_of(path: Path) -> str:
    """`closed` or `open` as the last whole event of an evidence file has it; nothing where there is none to read."""
    try:
        with open_plain(path) as file:
            size = os.fstat(file.fileno()).st_size
            event, end = tail(file.fileno(), size)
    except OSError:
        return ""
    return "" if event is None else "closed" if event.kind == "closed" and end == size else "open"


def size_of(path: Path) -> int | None:
    """How many bytes it has; None when it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return None
