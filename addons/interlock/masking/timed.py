"""Patterns that an operator writes, run line by line with a limit of time: what takes longer refuses the body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from interlock.errors import BodyRejected, InterlockError
from interlock.model.effort import effort
from interlock.reasons import Reason

__all__ = ["TIME", "Timed", "check"]

TIME = 0.05
"""Seconds that the searches of one text may take together; a long one gets one more microsecond a byte."""

_PER_BYTE = 1e-6
_CALL = 1e-5
"""Seconds that a search costs which finds at once, on a slow machine: they are nothing the pattern could help."""
_PATIENCE = 4
"""By the clock a search may take so many times what it may take of the processor, which others use too."""
_MAX_PATTERN = 4096
_ENDS = b"\n\r\0"
_END = re.compile(rb"[\n\r\0]")
_CONTENT = re.compile(rb"[^\n\r\0]")
_CONTINUATION = bytes(range(0x80, 0xC0))


def check(pattern: str) -> None:
    """Raises InterlockError for a pattern that is malformed, too long, or matches nothing at all."""
    import regex

    if len(pattern) > _MAX_PATTERN:
        raise InterlockError("the pattern is longer than 4096 characters", hint="split it into several rules")
    try:
        found = regex.compile(pattern).search("", timeout=TIME)
    except (regex.error, RecursionError, OverflowError, ValueError, TimeoutError) as error:
        hint = "as in CUST-[0-9]{6}"
        raise InterlockError(f"the pattern is malformed: {error}", hint=hint) from None
    if found is not None:
        raise InterlockError(
            "the pattern matches the empty text", hint="it would match everywhere; as in CUST-[0-9]{6}"
        )


@dataclass(frozen=True, slots=True)
class _Match:
    low: int
    high: int

    def start(self) -> int:
        """The first byte."""
        return self.low

    def span(self) -> tuple[int, int]:
        """The first byte and that behind the last."""
        return self.low, self.high


@dataclass(slots=True)
class _Line:
    """The line being searched, and a place in it in bytes and in characters."""

    text: bytes
    low: int
    high: int
    shown: str
    byte: int = 0
    char: int = 0
    spent: float = 0.0

    def characters(self, byte: int) -> int:
        """How many characters lie before a byte of the line."""
        if byte < self.byte:
            self.byte = self.char = 0
        piece = self.text[self.low + self.byte : self.low + byte]
        self.char += len(piece.translate(None, _CONTINUATION))
        self.byte = byte
        return self.char

    def bytes_of(self, start: int, end: int) -> int:
        """How many bytes some characters take."""
        return len(self.shown[start:end].encode("utf-8", "surrogatepass"))


class Timed:
    """Searches like an RE2 program does. Raises BodyRejected past the limit of time."""

    __slots__ = ("_line", "_pattern")
    groups = 0

    def __init__(self, pattern: str) -> None:
        import regex

        self._pattern: Any = regex.compile(pattern)
        self._line: _Line | None = None

    def search(self, text: bytes, start: int = 0) -> _Match | None:
        """The first match that begins at or behind `start`; none is empty, and none reaches over a line's end."""
        while (content := _CONTENT.search(text, start)) is not None:
            line = self._at(text, start := content.start())
            found = self._within(line, line.characters(start - line.low))
            if found is not None:
                return found
            start = line.high
        self._line = None
        return None

    def find(self, text: bytes, start: int, end: int) -> tuple[tuple[int, int]]:
        """The span of the first match that begins at or behind `start`; where there is none, it begins at -1. All of
        the text is searched: `end` is where it ends.
        """
        found = self.search(text, start)
        return (found.span() if found is not None and found.high <= end else (-1, -1),)

    def _at(self, text: bytes, start: int) -> _Line:
        known = self._line if self._line is not None and self._line.text is text else None
        if known is not None and known.low <= start < known.high:
            return known
        behind = known.high if known is not None and known.high <= start else 0
        low = max(text.rfind(_ENDS[at : at + 1], behind, start) for at in range(len(_ENDS))) + 1
        end = _END.search(text, start)
        high = end.start() if end is not None else len(text)
        spent = known.spent if known is not None else 0.0
        shown = text[low:high].decode("utf-8", "surrogatepass")
        self._line = _Line(text, low, high, shown, spent=spent)
        return self._line

    def _within(self, line: _Line, char: int) -> _Match | None:
        while char < len(line.shown):
            left = TIME + len(line.text) * _PER_BYTE - line.spent
            begin = effort()
            try:
                match = self._pattern.search(line.shown, char, timeout=max(left * _PATIENCE, 1e-6))
            except TimeoutError:
                self._line = None
                raise BodyRejected(Reason.BODY_UNPARSABLE, "a masking pattern took too long") from None
            line.spent += max(0.0, effort() - begin - _CALL)
            if match is None:
                return None
            first, last = match.span()
            if first < last:
                low = line.low + line.byte + line.bytes_of(line.char, first)
                return _Match(low, low + line.bytes_of(first, last))
            char = first + 1
        return None
