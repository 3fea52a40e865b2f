"""Where strings and numbers stand in a JSON text without escapes, told by their own text or by their name.

Taking a text apart to find one member costs ten times what it costs to read the text. Without a backslash every string
and name of it is spelled in one way only, so a member stands behind one of the places where its name does; of all that
stand there, the only one that reads as its value is the one. What is not alone is looked for in earnest (`positions`).
"""

from __future__ import annotations

import re

import msgspec

from interlock.masking.edits import Edit
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["Spots"]

_BEHIND = " \t\r\n,:]}"
"""What stands behind a string, and so begins whatever stands between two of them."""
_QUOTE = b'"'
_VALUE = re.compile(rb"[ \t\r\n]*:[ \t\r\n]*(-?[0-9][0-9.eE+\-]*)?")
_SHORT = 16 * 1024
_OFTEN = 64
"""So many members are looked at in a text up to that length, and one by its name in a longer one: elsewhere it takes
less to read the text.
"""
_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


class Spots:
    """Asks about one text without a backslash, and what it was read as."""

    __slots__ = ("_body", "_document", "_left", "_single")

    def __init__(self, body: bytes, document: JSON) -> None:
        self._body, self._document = body, document
        self._left = _OFTEN if len(body) <= _SHORT else 0
        self._single: bool | None = None

    def find(self, location: Location, edit: Edit) -> tuple[int, int] | None:
        """Where the string or number stands that an edit replaces; None where that is not sure."""
        body, old = self._body, edit.old
        if old is not None:
            start = body.find(old)
            if start >= 0 and body.find(old, start + 1) < 0:
                return start, start + len(old)
        name = location[-1] if location else 0
        if type(name) is not str or name[:1] in _BEHIND or '"' in name:
            return None
        text = b'"' + name.encode() + b'"'
        try:
            at = body.find(text)
            following = body.find(text, at + 1) if at >= 0 else -1
            if following < 0:
                return self._value(at + len(text), edit) if at >= 0 else None
            return self._among(at, following, text, edit)
        except (msgspec.MsgspecError, ValueError, TypeError, OverflowError, RecursionError):
            return None  # a number beyond what machines count with

    def _among(self, at: int, following: int, text: bytes, edit: Edit) -> tuple[int, int] | None:
        """The only member of this name that reads as what is replaced."""
        found: tuple[int, int] | None = None
        while at >= 0:
            self._left -= 1
            if self._left < 0:
                return None
            place = self._value(at + len(text), edit)
            if place is not None:
                if found is not None:
                    return None
                found = place
            at, following = following, self._body.find(text, following + 1) if following >= 0 else -1
        return found if self._is_single() else None

    def _value(self, end: int, edit: Edit) -> tuple[int, int] | None:
        """Where the value behind a name stands, if it reads as what is replaced."""
        match = _VALUE.match(self._body, end)
        if match is None:
            return None
        if edit.old is not None:
            start = match.end()
            return (start, start + len(edit.old)) if self._body.startswith(edit.old, start) else None
        if match[1] is None:
            return None
        read = _decode(match[1])
        return match.span(1) if read == edit.number and type(read) is type(edit.number) else None

    def _is_single(self) -> bool:
        """Whether no name stands twice in one object: each string has two quotes, and what was read has all of them."""
        if self._single is None:
            self._single = self._body.count(_QUOTE) == _encode(self._document).count(_QUOTE)
        return self._single
