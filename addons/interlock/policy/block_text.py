"""Operators' own patterns over text, with a time limit: what takes too long counts as found.

Text is folded first: compatibility forms unified, invisible characters removed; beside that as it looks in Latin
letters (no accents, no look-alikes from other scripts), and what base64, hexadecimal, URL and other escapes or JSON in
strings hide. Its case stays as it was written. `^` and `$` match at every line and every member of a body.
"""

from __future__ import annotations

import regex

from interlock.encodings import Budget, plain, skeleton, unwrap
from interlock.errors import InterlockError
from interlock.model import JSON

__all__ = ["TIME", "TextPattern", "fold", "strings"]

TIME = 0.02
"""Seconds a search may take in a short text; a long one gets one more microsecond a character."""

_PER_CHARACTER = 1e-6
_MAX_PATTERN = 4096
_TRIES = 20_000  # of the strings and runs of one body in which an encoding is looked for


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
    """Every way to read a text, one after the other: in one spelling, as it looks in Latin letters, and decoded."""
    return "\n".join(_readings(text, Budget(0, _TRIES)))


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
    budget = Budget(0, _TRIES)
    hidden = [layer.text for text in found for layer in unwrap(text, budget).found]
    joined = [_spellings("\n".join(texts)) for texts in (found, hidden) if texts]
    return "\n".join(text for texts in joined for text in texts)


def _readings(text: str, budget: Budget) -> list[str]:
    found = _spellings(text)
    for layer in unwrap(text, budget).found:
        found += _spellings(layer.text)
    return found


def _spellings(text: str) -> list[str]:
    spelled, looks = plain(text), skeleton(text)
    return [spelled] if looks == spelled else [spelled, looks]
