"""What must stand in a body for a path to select anything in it: names, and text that a filter compares with.

A body in which one of them is missing need not be searched for that path at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.paths.steps import Name
from interlock.paths.syntax import And, Choice, Comparison, Exists, Filter, Literal, Logical, Operand, Query

__all__ = ["needles_of"]

_PLAIN = re.compile(r"[^\x00-\x1f\"\\/\ud800-\udfff]*")
"""Text that JSON spells in one way only, but for \\u escapes."""


def needles_of(query: Query) -> frozenset[bytes]:
    """Bytes of which all stand in every body without \\u escapes in which the path selects something."""
    return frozenset(_of_query(query))


def _of_query(query: Query) -> Iterable[bytes]:
    for segment in query.segments:
        if len(segment.choices) == 1:
            yield from _of_choice(segment.choices[0])


def _of_choice(choice: Choice) -> Iterable[bytes]:
    if isinstance(choice, Name):
        return _quoted(choice.name)
    return _of_test(choice.test) if isinstance(choice, Filter) else ()


def _of_test(test: Logical) -> Iterable[bytes]:
    match test:
        case And(parts):
            return (needle for part in parts for needle in _of_test(part))
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


def _of_side(side: Operand) -> Iterable[bytes]:
    if isinstance(side, Literal) and isinstance(side.value, str):
        return _quoted(side.value)
    return _of_paths(side)


def _of_paths(side: Operand) -> Iterable[bytes]:
    return _of_query(side) if isinstance(side, Query) else ()


def _quoted(text: str) -> Iterable[bytes]:
    return (b'"' + text.encode() + b'"',) if _PLAIN.fullmatch(text) else ()
