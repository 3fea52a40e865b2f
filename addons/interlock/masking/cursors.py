"""All detectors of a scanner in a text that arrives in pieces: only those run that could find something in it."""

from __future__ import annotations

from collections.abc import Sequence

from interlock.masking.detector import CONTEXT
from interlock.masking.scan import Cursor, Hit, Scanner

__all__ = ["Cursors"]


class Cursors:
    """How far the detectors of a scanner have come. Most are known by a word: where none of theirs stands in the text
    that is in view, nothing of theirs can have begun.
    """

    __slots__ = ("_all", "_literal", "_plan", "_scanner", "_shaped", "_worded")

    def __init__(self, scanner: Scanner) -> None:
        plan = scanner.plan
        self._plan, self._scanner = plan, scanner
        self._literal = [Cursor(probe) for probe in plan.literal]
        self._worded = [Cursor(probe) for probe in plan.worded]
        self._shaped = [Cursor(probe) for probe in (*plan.shaped, *plan.timed, *scanner.probes[len(plan.probes) :])]
        self._all = (*self._shaped, *self._literal, *self._worded)

    def advance(self, text: bytes, *, final: bool) -> tuple[list[Hit], int]:
        """New hits of all, and the offset below which nothing more can begin."""
        hits, settled = _run(self._shaped, text, len(text), final=final)
        for cursors, which, rest in (self._beginning(text, final), self._named(text)):
            chosen = [cursors[number] for number in which]
            found, reached = _run(chosen, text, rest, final=final)
            hits += found
            settled = min(settled, reached, rest)
            for number, cursor in enumerate(cursors):
                if number not in which:
                    cursor.position = max(cursor.position, rest)
        return hits, settled

    def copy(self) -> Cursors:
        """Others of the same scanner that have come as far."""
        other = Cursors(self._scanner)
        for cursor, mine in zip(other._all, self._all, strict=True):
            cursor.position = mine.position
        return other

    def level_with(self, other: Cursors, ahead: int) -> bool:
        """Whether others of the same scanner have come as far, so many bytes ahead."""
        return all(mine.position + ahead == one.position for mine, one in zip(self._all, other._all, strict=True))

    def forget(self, cut: int) -> None:
        """That many bytes before the text in view are gone."""
        for cursor in self._all:
            cursor.position = max(0, cursor.position - cut)

    def restart(self) -> None:
        """Another text begins."""
        for cursor in self._all:
            cursor.position = 0

    def _beginning(self, text: bytes, final: bool) -> tuple[list[Cursor], frozenset[int], int]:
        """Those that begin with a literal which stands in the text, and where another may have begun."""
        if not self._literal:
            return [], frozenset(), len(text)
        start = min(cursor.position for cursor in self._literal)
        which = self._plan.literals.found(text, start)
        return self._literal, which, len(text) if final else self._plan.literals.partial(text, start)

    def _named(self, text: bytes) -> tuple[list[Cursor], frozenset[int], int]:
        """Those of whose words one stands before what is yet to be searched; words that are incomplete end there."""
        if not self._worded:
            return [], frozenset(), len(text)
        start = min(cursor.position for cursor in self._worded)
        return self._worded, self._plan.words.found(text, max(0, start - CONTEXT)), len(text)


def _run(cursors: Sequence[Cursor], text: bytes, settled: int, *, final: bool) -> tuple[list[Hit], int]:
    hits: list[Hit] = []
    for cursor in cursors:
        found, reached = cursor.advance(text, final=final)
        hits += found
        settled = min(settled, reached)
    return hits, settled
