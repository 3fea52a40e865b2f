"""Guesses where values stand in a short JSON text, and proves it by reading what came out.

Taking a text apart to find one member costs ten times what it costs to read the text. So a number or string is looked
for as it is written most often, with its name before it; then the outcome is read, and has to hold every edit in its
place. What cannot be guessed or is not proven is looked for in earnest (`positions`).
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
_BEHIND = frozenset((b",", b"}", b" ", b"\t", b"\r", b"\n"))
"""What stands behind a member's value."""
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def guess(body: bytes, left: Mapping[Location, Edit], splices: list[Splice], document: JSON) -> bytes | None:
    """The body with all edits made: `splices`, and those that are `left`. None where that is not proven.

    Each guess takes the place of one whole number or string that is a member's value. So where all of them became what
    they were to become, and something else than they were, nothing else did.
    """
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
        return made if made is not None and _became(_decode(made), left, document) else None
    except (msgspec.MsgspecError, ValueError, LookupError, TypeError, OverflowError, RecursionError):
        return None  # a name on the way may have become another


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
    name, text = _encode(location[-1]), _encode(_value(document, location))
    for between in (b": ", b":"):
        whole = name + between + text
        start = body.find(whole)
        if start >= 0:
            end = start + len(whole)
            # A quote that an even number of others stand before begins a string: here, the name.
            alone = body.find(whole, start + 1) < 0 and body[end : end + 1] in _BEHIND
            return (end - len(text), end) if alone and not body.count(_QUOTE, 0, start) % 2 else None
    return None


def _became(made: JSON, left: Mapping[Location, Edit], document: JSON) -> bool:
    """Whether all edits are where they were to be made."""
    for location, edit in left.items():
        new = _decode(edit.value or b"")
        value = _value(made, location)
        if type(value) is not type(new) or value != new or new == _value(document, location):
            return False
    return True


def _value(document: JSON, location: Location) -> Any:
    value: Any = document
    for part in location:
        value = value[part]
    return value
