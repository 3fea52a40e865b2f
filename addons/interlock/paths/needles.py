"""What must stand in a body for a path to select anything in it: names, and text that a filter compares with.

A body in which one of them is missing need not be searched for that path at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from interlock.paths.steps import Name
from interlock.paths.syntax import And, Choice, Comparison, Exists, Filter, Literal, Logical, Operand, Or, Query
from interlock.paths.together import Together, quoted

__all__ = ["Needle", "Needles", "needles_of"]

type Needle = frozenset[bytes]
"""Bytes of which some stand in the body."""

_MAX_KNOWN = 256
_PLAIN = re.compile(r"[^\x00-\x1f\"\\/\ud800-\udfff]*")
"""Text that JSON spells in one way only, but for \\u escapes."""


class Needles:
    """Which of some paths may select something in a body, asked in one pass over it."""

    __slots__ = ("_ever", "_named", "_together", "patterns")

    def __init__(self, needles: Sequence[frozenset[Needle]]) -> None:
        known = sorted(frozenset[bytes]().union(*(needle for needed in needles for needle in needed)))
        number = {one: at for at, one in enumerate(known)}
        self.patterns = tuple(quoted(one.decode()) for one in known)
        self._together = Together(self.patterns)
        self._named = tuple(tuple(frozenset(number[one] for one in needle) for needle in needed) for needed in needles)
        self._ever: dict[frozenset[int], tuple[int, ...]] = {}

    def possible(self, body: bytes, present: frozenset[int] | None = None) -> tuple[int, ...]:
        """The numbers of the paths that may, in their order; the body has no \\u escapes. `present` are the numbers of
        the `patterns` that occur in it, where they were asked already.
        """
        if present is None:
            present = frozenset(self._together.found(body))
        found = self._ever.get(present)
        if found is None:
            found = tuple(
                number
                for number, needed in enumerate(self._named)
                if not any(needle.isdisjoint(present) for needle in needed)
            )
            if len(self._ever) < _MAX_KNOWN:
                self._ever[present] = found
        return found


def needles_of(query: Query) -> frozenset[Needle]:
    """Of each needle some bytes stand in every body without \\u escapes in which the path selects something."""
    return frozenset(_of_query(query))


def _of_query(query: Query) -> Iterable[Needle]:
    for segment in query.segments:
        yield from _any([list(_of_choice(choice)) for choice in segment.choices])


def _any(ways: Sequence[Sequence[Needle]]) -> Iterable[Needle]:
    """What is needed where one of several ways is enough: all of the only one, or something of each."""
    if len(ways) == 1:
        return ways[0]
    return (frozenset[bytes]().union(*(way[0] for way in ways)),) if all(ways) else ()


def _of_choice(choice: Choice) -> Iterable[Needle]:
    if isinstance(choice, Name):
        return _quoted(choice.name)
    return _of_test(choice.test) if isinstance(choice, Filter) else ()


def _of_test(test: Logical) -> Iterable[Needle]:
    match test:
        case And(parts):
            return (needle for part in parts for needle in _of_test(part))
        case Or(parts):
            return _any([list(_of_test(part)) for part in parts])
        case Exists(query):
            return _of_query(query)
        case Comparison("==", left, right):
            # Nothing equals nothing: only where one side is something for sure, the other has to be there.
            known = isinstance(left, Literal) or isinstance(right, Literal)
            return (*_of_side(left), *_of_side(right)) if known else ()
        case Comparison("<" | ">", left, right):
            # A text that is merely smaller or larger need not stand there.
            return (*_of_paths(left), *_of_paths(right))
    return ()


def _of_side(side: Operand) -> Iterable[Needle]:
    if isinstance(side, Literal) and isinstance(side.value, str):
        return _quoted(side.value)
    return _of_paths(side)


def _of_paths(side: Operand) -> Iterable[Needle]:
    return _of_query(side) if isinstance(side, Query) else ()


def _quoted(text: str) -> Iterable[Needle]:
    return (frozenset((b'"' + text.encode() + b'"',)),) if _PLAIN.fullmatch(text) else ()
