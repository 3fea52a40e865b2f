"""The other reading of a text that arrives in pieces, as `readings` has it of a whole one.

As long as a text reads as it stands, the detectors look at it once. From the first sign of another spelling on they
look at its reading as well, and begin there where they have come to in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence

from interlock.masking.actions import Span
from interlock.masking.cursors import Cursors
from interlock.masking.detector import CONTEXT
from interlock.masking.readings import Edge, differs, original, read_on
from interlock.masking.scan import Hit

__all__ = ["Respelled", "spelled_until"]

_INSIDE = b"0123456789abcdefABCDEFxXu#%&\\"
_BEGUN = re.compile(
    rb"(?<!\\)\\++(?:u(?:0(?:0[2-7]?)?)?|x[2-7]?)?\Z"
    rb"|%(?:25)*+[2-7]?\Z"
    rb"|&(?:#0*+(?:[xX]0*+(?:[2-7][0-9A-Fa-f]?)?|[0-9]{0,3})?)?\Z"
)
"""Every beginning of an escape that `readings` undoes, and `%25`, which more digits make another one."""


def spelled_until(text: bytes) -> int:
    """Where an escape may have begun whose end is yet to come; the text's length where none has."""
    base = len(text.rstrip(_INSIDE))
    if base == len(text) or max(text.rfind(sign, base) for sign in (b"\\", b"%", b"&")) < 0:
        return len(text)
    begun = _BEGUN.search(text, base)
    return begun.start() if begun is not None else len(text)


class Respelled:
    """Follows a text in view; offsets given and taken are the text's own, in bytes."""

    __slots__ = ("_cursors", "_edges", "_plain", "_read", "_spans")

    def __init__(self, spans: Callable[[Sequence[Hit]], list[Span]]) -> None:
        self._spans = spans
        self.restart()

    def restart(self) -> None:
        """Another text begins."""
        self._cursors: Cursors | None = None
        self._plain = b""
        self._edges: list[Edge] = []
        self._read = 0

    def advance(self, text: bytes, beside: Cursors, *, final: bool) -> tuple[list[Span], int]:
        """New spans that hold another spelling, and the offset below which nothing more can begin.

        `beside` has looked at the text as it stands, but not yet at what is new in it.
        """
        if self._cursors is None:
            if not differs(text, self._read):
                self._read = len(text)
                return [], len(text)
            self._cursors = beside.copy()
            self._plain = text[: self._read]
            self._edges = [(0, 0, self._read, False)] if self._read else []
        self._read_on(text)
        hits, settled = self._cursors.advance(self._plain, final=final)
        return original(self._spans(hits), self._edges, self._read), self._place(settled)

    def forget(self, cut: int, out: int, beside: Cursors) -> None:
        """That many bytes before the text in view are gone; everything before `out`, as it was, was given out. Where
        the text reads as it stands again, and `beside` has come as far in it, it is looked at once again.
        """
        self._read -= cut
        if self._cursors is None:
            return
        kept = self._reading_of(out) - CONTEXT
        while 0 < kept < len(self._plain) and self._plain[kept] & 0xC0 == 0x80:
            kept -= 1
        kept = max(kept, 0)
        self._plain = self._plain[kept:]
        self._cursors.forget(kept)
        first = max(bisect_right(self._edges, kept, key=_here) - 1, 0)
        self._edges = [(here - kept, there - cut, until - cut, odd) for here, there, until, odd in self._edges[first:]]
        if len(self._edges) == 1 and not self._edges[0][3]:
            here, there, _, _ = self._edges[0]
            if self._cursors.level_with(beside, there - here):
                read = self._read
                self.restart()
                self._read = read

    def _read_on(self, text: bytes) -> None:
        """Take in what is new."""
        new = text[self._read :].decode("utf-8", "surrogatepass")
        plain, edges = read_on(new, len(self._plain), self._read)
        if edges and self._edges and not edges[0][3]:
            here, there, until, odd = self._edges[-1]
            if not odd and until == edges[0][1]:
                self._edges[-1] = here, there, edges.pop(0)[2], False
        self._edges += edges
        self._plain += plain
        self._read = len(text)

    def _place(self, place: int) -> int:
        """Where in the text a place of the reading is; for a place inside of an escape, where that begins."""
        if place >= len(self._plain):
            return self._read
        _, there, _, odd = edge = self._edges[bisect_right(self._edges, place, key=_here) - 1]
        return there if odd else there + place - edge[0]

    def _reading_of(self, out: int) -> int:
        """Where in the reading a place of the text is; for one inside of what vanished, where that was."""
        after = len(self._plain)
        for here, there, until, odd in reversed(self._edges):
            if there <= out:
                return (after if out >= until else here) if odd else here + min(out, until) - there
            after = here
        return 0


def _here(edge: Edge) -> int:
    return edge[0]
