"""Commands put together from several values: the words of a list, a program and its arguments beside it.

No string holds such a text, so an operation found in it says in which of the values it begins, and how far into that.
"""

from __future__ import annotations

import shlex
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from interlock.model import Operation
from interlock.model.places import changed, offset
from interlock.paths import Location, pointer

__all__ = ["Joined", "Piece", "joined_lines", "joined_words", "plain_text", "together"]

_QUOTE = "'\"'\"'"
"""What `shlex.quote` writes for a quotation mark between two of its own."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A value in a text: where it begins there, where it stands in the body, what it is, and whether in quotes."""

    start: int
    location: Location
    source: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """A text, and the values it was put together from, in order."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def place(self) -> str:
        """The pointer of the first value."""
        return pointer(self.pieces[0].location)

    def stand(self, operations: Iterable[Operation]) -> tuple[Operation, ...]:
        """Operations found in the text, each with the place and the offset that it has in the body."""
        found = tuple(operations)
        only = self.pieces[0]
        if len(self.pieces) == 1 and self.text == only.source:
            return found
        starts = [piece.start for piece in self.pieces]

        def placed(operation: Operation) -> Operation:
            at = offset(operation)
            piece = self.pieces[max(bisect_right(starts, at) - 1, 0)]
            where = {**operation.arguments, "at": self._inside(piece, at)}
            return replace(operation, place=pointer(piece.location), arguments=where)

        return changed(found, placed)

    def _inside(self, piece: Piece, at: int) -> int:
        """How far into a value an offset of the text lies; quotation marks put around it count for nothing."""
        source = piece.source
        if not piece.quoted:
            return min(at - piece.start, len(source))
        return min(len(self.text[piece.start + 1 : at].replace(_QUOTE, "'")), len(source))


def plain_text(text: str, location: Location) -> Joined:
    """A text that stands as it is."""
    return Joined(text, (Piece(0, location, text),))


def joined_words(words: Sequence[tuple[Location, str]]) -> Joined:
    """The words of one command, quoted for a shell."""
    return _joined([(location, word, shlex.quote(word)) for location, word in words], " ")


def joined_lines(texts: Sequence[tuple[Location, str]]) -> Joined:
    """Several commands, each a line."""
    return _joined([(location, text, text) for location, text in texts], "\n")


def together(parts: Sequence[Joined]) -> Joined:
    """Texts with blanks between them."""
    pieces: list[Piece] = []
    start = 0
    for part in parts:
        pieces += [replace(piece, start=start + piece.start) for piece in part.pieces]
        start += len(part.text) + 1
    return Joined(" ".join(part.text for part in parts), tuple(pieces))


def _joined(values: Sequence[tuple[Location, str, str]], between: str) -> Joined:
    pieces: list[Piece] = []
    start = 0
    for location, source, written in values:
        pieces.append(Piece(start, location, source, written != source))
        start += len(written) + len(between)
    return Joined(between.join(written for _, _, written in values), tuple(pieces))
