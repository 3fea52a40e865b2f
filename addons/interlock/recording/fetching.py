"""Fetches what was shipped and puts it together: a session's pieces become the files that they were cut from.

Nothing here believes the place: names that are none are left, pieces have to follow each other without a gap, and
where two of them hold the same bytes (a ledger was lost, and shipping began anew) they have to be the same. Whether
what comes out is what was recorded, `verify` says.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from interlock.recording.ledger import HEADS
from interlock.recording.segments import read_piece
from interlock.recording.ship_target import Objects
from interlock.recording.shipment import COPIED_HEADS
from interlock.recording.ulid import is_ulid

__all__ = ["Fetched", "fetch"]

_HEADS_PIECE = re.compile(r"[0-9]{16}\.jsonl")
_TREE = re.compile(r"[A-Za-z0-9._:-]{1,200}")
_MAX_NAMES: Final = 5_000_000
_PART: Final = ".part"


class _Torn(OSError):
    """Pieces do not make a file."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one session (or of a tree's heads): pieces and bytes, and what is wrong (empty: nothing)."""

    name: str
    pieces: int = 0
    bytes: int = 0
    fault: str = ""


type _Files = dict[str, dict[str, list[tuple[int, str]]]]


async def fetch(place: Objects, into: Path, only: Collection[str] = ()) -> AsyncIterator[Fetched]:
    """Fetches every session that lies at a place, or `only` these, into a folder of session folders, and tells of each.

    What is there already stays as it is, and that is told. Raises OSError for the place and the folder themselves.
    """
    found: _Files = {}
    count = 0
    for folder in sorted(only) or [""]:
        async for name in place.list(folder):
            _sort_in(found, name)
            count += 1
            if count > _MAX_NAMES:
                raise OSError("there are too many names at that place; name the sessions")
    os.makedirs(into, mode=0o700, exist_ok=True)
    for name in sorted({*found, *only}):
        try:
            yield await _one(place, into, name, found.get(name, {}))
        except FileExistsError:
            yield Fetched(name, fault="it is in that folder already")
        except _Torn as error:
            yield Fetched(name, fault=str(error))


def _sort_in(found: _Files, name: str) -> None:
    folder, _, last = name.rpartition("/")
    kind, _, tree = folder.partition("/")
    piece = read_piece(last)
    if is_ulid(folder) and piece is not None:
        found.setdefault(folder, {}).setdefault(piece[0], []).append((piece[1], name))
    elif kind == COPIED_HEADS and _TREE.fullmatch(tree) and tree.strip(".") and _HEADS_PIECE.fullmatch(last):
        found.setdefault(folder, {}).setdefault(HEADS, []).append((int(last[:16]), name))


async def _one(place: Objects, into: Path, name: str, files: dict[str, list[tuple[int, str]]]) -> Fetched:
    """All files of one folder; they have their name once all of them are there."""
    if (into / name).exists():
        raise FileExistsError
    if not files:
        return Fetched(name, fault="nothing of it lies there")
    part = into / (name + _PART)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    pieces = size = 0
    fault = ""
    for file, found in sorted(files.items()):
        fd = os.open(part / file, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(fd, "w+b") as joined:
            with suppress(_Torn):
                for start, piece in sorted(found):
                    fault = f"{piece} does not follow what lies there before it"
                    await _join(place, joined, start, piece)
                    pieces, fault = pieces + 1, ""
            size += joined.seek(0, os.SEEK_END)
        if fault:
            raise _Torn(f"{fault}; what was fetched lies in {part.name}")
    part.rename(into / name)
    return Fetched(name, pieces, size)


async def _join(place: Objects, joined: BinaryIO, start: int, piece: str) -> None:
    """Adds a piece; the part of it that is there already has to be the same. Raises _Torn, OSError."""
    end, at = joined.seek(0, os.SEEK_END), start
    if start > end:
        raise _Torn
    async for chunk in place.get(piece):
        known = max(0, min(end - at, len(chunk)))
        if known:
            joined.seek(at)
            if joined.read(known) != chunk[:known]:
                raise _Torn
            joined.seek(0, os.SEEK_END)
        joined.write(chunk[known:])
        at += len(chunk)
