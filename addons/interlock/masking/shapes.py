"""Patterns that no literal gives away, asked at once whether they occur: a few sets of those that go well together."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from interlock.paths.together import Together, compiled, finder

__all__ = ["Shapes"]

_PROGRAM = 800
"""The instructions of a set's patterns together: more of them make too many states of an automaton."""
_MOST, _FEW = 12, 4
"""How many patterns one set has at most, and how many are one set whatever they are."""
_SEEN = 3
_LAST_DIGIT = b"9"


class Shapes:
    """Patterns by number. `needs` has for each what any match of it holds, or nothing: that is asked in its place."""

    __slots__ = ("_alone", "_confirm", "_sets")

    def __init__(self, patterns: Sequence[str], needs: Sequence[str] = ()) -> None:
        asked = [need or pattern for pattern, need in zip(patterns, needs or patterns, strict=True)]
        groups = _groups(asked)
        self._sets = tuple((Together([asked[one] for one in group]), group) for group in groups if len(group) > 1)
        self._alone = tuple((finder(compiled(asked[one])), one) for group in groups if len(group) == 1 for one in group)
        self._confirm = {number: finder(compiled(patterns[number])) for number, need in enumerate(needs) if need}

    def found(self, text: bytes, unsure: Container[int] = ()) -> list[int]:
        """The numbers of the patterns that occur; of those in `unsure`, that what they need does."""
        size = len(text)
        found = [group[which] for together, group in self._sets for which in together.found(text)]
        found += [number for find, number in self._alone if find(text, 0, size)[0][0] >= 0]
        if not found:
            return found
        confirm = self._confirm
        return [
            number
            for number in found
            if number in unsure or number not in confirm or confirm[number](text, 0, size)[0][0] >= 0
        ]


def _groups(patterns: Sequence[str]) -> list[tuple[int, ...]]:
    """Small patterns go together, apart from large ones, and those of digits apart from those of letters."""
    if len(patterns) <= _FEW:
        return [tuple(range(len(patterns)))]
    programs = [compiled(pattern) for pattern in patterns]
    groups: list[tuple[int, ...]] = []
    for digits in (True, False):
        kind = [number for number, program in enumerate(programs) if _begins_with_digit(program) is digits]
        group, size = list[int](), 0
        for number in sorted(kind, key=lambda number: (programs[number].programsize, number)):
            if group and (len(group) >= _MOST or size + programs[number].programsize > _PROGRAM):
                groups.append(tuple(group))
                group, size = [], 0
            group.append(number)
            size += programs[number].programsize
        groups += [tuple(group)] if group else []
    return groups


def _begins_with_digit(program: Any) -> bool:
    import re2

    try:
        _, last = program.possiblematchrange(_SEEN)
    except re2.error:
        return False
    return bool(last[:1] <= _LAST_DIGIT)
