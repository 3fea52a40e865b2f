"""Many patterns asked at once whether they occur: first in one program, then only where that found something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from interlock.masking.screen import compiled

__all__ = ["Shapes"]

_TOGETHER = 8
_DENSE = 64
"""Where there are more finds than one in so many bytes, taking the text apart costs more than searching all of it."""
_FEW = 8
_SMALL = 8192
"""Few patterns and a small text: nothing is won by taking it apart."""
_EDGE = re.compile(rb"[\"\0\n]")
_EDGES = (b'"', b"\0", b"\n")


class Shapes:
    """Patterns by number. Those in `crossing` may match over a quote; none matches over NUL or a line's end."""

    __slots__ = ("_crossing", "_groups", "_patterns", "_screen", "_within")

    def __init__(self, patterns: Sequence[str], crossing: Sequence[int]) -> None:
        # Not an RE2 Set: that says "nothing" where it runs out of memory.
        self._patterns = tuple(map(compiled, patterns))
        self._crossing = tuple(crossing)
        within = [number for number in range(len(patterns)) if number not in set(crossing)]
        self._within = tuple(within)
        groups = [within[start : start + _TOGETHER] for start in range(0, len(within), _TOGETHER)]
        self._groups = tuple((_union([patterns[number] for number in group]), tuple(group)) for group in groups)
        self._screen: Any = _union([patterns[number] for number in within]) if within else None

    def found(self, text: bytes) -> list[int]:
        """The numbers of the patterns that occur."""
        found = [number for number in self._crossing if self._patterns[number].search(text) is not None]
        if len(self._within) <= _FEW and len(text) <= _SMALL:
            if self._screen is not None and self._screen.search(text) is not None:
                found += [number for number in self._within if self._patterns[number].search(text) is not None]
            return found
        parts = self._parts(text)
        if parts:
            for union, group in self._groups:
                if union.search(parts) is not None:
                    found += [number for number in group if self._patterns[number].search(parts) is not None]
        return found

    def _parts(self, text: bytes) -> bytes:
        """The strings and lines of the text in which any pattern occurs."""
        if self._screen is None:
            return b""
        search, pieces, at = self._screen.search, list[bytes](), 0
        most = max(8, len(text) // _DENSE)
        while (match := search(text, at)) is not None:
            if len(pieces) >= most:
                return text
            start, end = match.span()
            start = max(text.rfind(edge, at, start) for edge in _EDGES)
            edge = _EDGE.search(text, end)
            end = edge.start() if edge is not None else len(text)
            pieces.append(text[max(start, at) : end])
            at = end
        return b"\n".join(pieces)


def _union(patterns: Sequence[str]) -> Any:
    return compiled("|".join(f"(?:{pattern})" for pattern in patterns))
