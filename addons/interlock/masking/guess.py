"""Guesses where values stand in a short JSON text, and proves it by reading what came out.

Taking a text apart to find one member costs ten times what it costs to read the text. So a number or string is looked
for as it is written most often, with its name before it; then the outcome is read, and it has to be exactly the
document with the edits made. What cannot be guessed or is not proven is looked for in earnest (`positions`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from interlock.masking.edits import Edit, Splice
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["guess", "joined"]

_QUOTE = b'"'
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def guess(
    body: bytes, edits: Mapping[Location, Edit], left: Mapping[Location, Edit], splices: list[Splice], document: JSON
) -> bytes | None:
    """The body with all `edits` made: `splices`, and those that are `left`. None where that is not proven."""
    if b"\\" in body:
        return None
    found = [*splices]
    try:
        # Without escapes each string has two quotes: a member that stands twice has left its name's behind.
        if body.count(_QUOTE) != _encode(document).count(_QUOTE):
            return None
        for location, edit in left.items():
            place = _place(body, location, edit, document)
            if place is None or edit.value is None:
                return None
            found.append((*place, edit.value))
        made = joined(body, found)
        return made if made is not None and _decode(made) == _edited(document, edits) else None
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return None


def joined(body: bytes, splices: Iterable[Splice]) -> bytes | None:
    """The body with other texts in the places of some of its own; None where places overlap."""
    pieces, position = [], 0
    for start, end, text in sorted(splices, key=lambda entry: (entry[0], -entry[1])):
        if start < position:
            return None
        pieces += [body[position:start], text]
        position = end
    pieces.append(body[position:])
    return b"".join(pieces)


def _place(body: bytes, location: Location, edit: Edit, document: JSON) -> tuple[int, int] | None:
    """Where a member's value stands, if its name and value stand so but once."""
    if not edit.simple or not location or not isinstance(location[-1], str):
        return None
    value: Any = document
    for part in location:
        value = value[part]
    name, text = _encode(location[-1]), _encode(value)
    for between in (b": ", b":"):
        whole = name + between + text
        start = body.find(whole)
        if start >= 0:
            return None if body.find(whole, start + 1) >= 0 else (start + len(whole) - len(text), start + len(whole))
    return None


def _edited(document: JSON, edits: Mapping[Location, Edit]) -> JSON:
    """The document with other values in some places. What was given stays as it is."""
    root: list[Any] = [document]
    own: dict[Location, Any] = {}
    for location, edit in edits.items():
        if not edit.simple or edit.value is None:
            raise ValueError("only values are replaced here")
        way: Location = (0, *location)
        holder: Any = root
        for depth in range(1, len(way)):
            part, place = way[depth - 1], way[:depth]
            copied = own.get(place)
            if copied is None:
                copied = own[place] = holder[part].copy()
                holder[part] = copied
            holder = copied
        holder[way[-1]] = _decode(edit.value)
    edited: JSON = root[0]
    return edited
