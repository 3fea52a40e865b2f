"""Operators' own patterns over text, with a time limit: what takes too long counts as found.

Text is folded first (NFKC, invisible characters removed), so that full-width letters and zero-width joiners
hide nothing; its case stays as it was written. `^` and `$` match at every line and every member of a body.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

import regex

from interlock.errors import InterlockError
from interlock.model import JSON

__all__ = ["TIME", "TextPattern", "fold", "strings"]

TIME = 0.02
"""Seconds a search may take in a short text; a long one gets one more microsecond a character."""

_PER_CHARACTER = 1e-6
_MAX_PATTERN = 4096
_INVISIBLE: Mapping[int, None] = dict.fromkeys(
    (0x00AD, 0x034F, 0x061C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070))
)


class TextPattern:
    """One compiled pattern; `time` is its limit in seconds."""

    __slots__ = ("_pattern", "text", "time")

    def __init__(self, text: str, time: float = TIME) -> None:
        """Raises InterlockError when the pattern is malformed, too long, or matches nothing but nothing."""
        if len(text) > _MAX_PATTERN:
            raise InterlockError("the pattern is longer than 4096 characters", hint="split it into several entries")
        try:
            self._pattern = regex.compile(text, regex.MULTILINE)
        except (regex.error, RecursionError, OverflowError, ValueError) as error:
            hint = "as in (?i)project\\s+nightfall"
            raise InterlockError(f"the pattern is malformed: {error}", hint=hint) from None
        if self._pattern.search("") is not None:
            raise InterlockError("the pattern matches the empty text", hint="it would block everything")
        self.text = text
        self.time = time

    def found(self, folded: str) -> bool:
        """Whether the pattern occurs in text that `fold` made. Raises TimeoutError past the limit."""
        limit = self.time + len(folded) * _PER_CHARACTER
        return self._pattern.search(folded, timeout=limit) is not None


def fold(text: str) -> str:
    """Text in one spelling: compatibility forms unified (NFKC), invisible characters removed."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_INVISIBLE))


def strings(document: JSON) -> str:
    """Every string of a document, member names included, folded, one after the other on lines of their own."""
    found: list[str] = []
    todo: list[JSON] = [document]
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            todo.extend(reversed(value))
        elif isinstance(value, dict):
            for name, member in reversed(value.items()):
                todo.append(member)
                todo.append(name)
    return fold("\n".join(found))
