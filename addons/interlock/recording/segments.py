"""Where a growing file of a session may be cut, and what its pieces are called elsewhere.

The first piece is called like the file, so that what went in one lies there as it is here; later ones end in where they
begin: `evidence.jsonl`, `evidence.jsonl.0000000000004096`. A cut is made only where something whole was written: an
event's line, a flow, a sealed frame. Both files are only added to, so pieces put together are the file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from interlock.recording.event import MAX_EVENT
from interlock.recording.flow_reading import MAX_FLOW
from interlock.recording.frames import MAGIC, frame_ends
from interlock.recording.keys import KEY
from interlock.recording.session import EVIDENCE, FLOWS

__all__ = ["SEGMENT", "cut", "flow_ends", "piece_name", "read_piece"]

SEGMENT: Final = 64 << 20
"""How large a piece is at most, in bytes, unless a single flow is larger."""

_LONGEST: Final = 12
_BLOCK: Final = 64 << 10
_PIECE = re.compile(rf"({re.escape(EVIDENCE)}|{re.escape(FLOWS)}|{KEY})(?:\.([0-9]{{16}}))?")


def piece_name(file: str, start: int) -> str:
    """What the piece of a file is called that begins with this byte."""
    return f"{file}.{start:016d}" if start else file


def read_piece(name: str) -> tuple[str, int] | None:
    """Of which file it is a piece, and from which byte on; None for what is no piece."""
    match = _PIECE.fullmatch(name)
    if match is None or (match[2] is not None and (match[1] == KEY or not int(match[2]))):
        return None
    return match[1], int(match[2] or 0)


def cut(file: BinaryIO, name: str, start: int, size: int, *, final: bool = False) -> int:
    """Where the piece ends that begins at `start`, in a file that has `size` bytes now; `start` when nothing is whole.

    Of a session that is closed (`final`) what is left goes as it is, whole or torn. Raises OSError.
    """
    if name == EVIDENCE:
        end = _line_end(file, start, min(size, start + SEGMENT))
    elif name == FLOWS:
        end = _flow_end(file, start, size)
    else:
        return size
    return min(size, start + SEGMENT) if final and end <= start else end


def flow_ends(file: BinaryIO, start: int = 0) -> Iterator[int]:
    """Where each whole flow of a file in clear ends, from one's beginning on. Raises OSError."""
    size, end = os.fstat(file.fileno()).st_size, start
    while True:
        file.seek(end)
        length, colon, _ = file.read(_LONGEST).partition(b":")
        if not colon or not length.isdigit() or int(length) > MAX_FLOW:
            return
        end += len(length) + 1 + int(length) + 1
        if end > size:
            return
        yield end


def _flow_end(file: BinaryIO, start: int, size: int) -> int:
    file.seek(0)
    sealed = file.read(len(MAGIC)) == MAGIC
    ends = (end for end, _ in frame_ends(file, start)) if sealed else flow_ends(file, start)
    found = start
    for end in ends:
        if end > size or (found > start and end > start + SEGMENT):
            break
        found = end
    return found


def _line_end(file: BinaryIO, start: int, size: int) -> int:
    end = size
    while end > start and size - end <= MAX_EVENT:
        begin = max(start, end - _BLOCK)
        newline = os.pread(file.fileno(), end - begin, begin).rfind(b"\n")
        if newline >= 0:
            return begin + newline + 1
        end = begin
    return start
