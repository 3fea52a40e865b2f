"""RE2 programs as the hot path wants them: many asked at once which of them occur, and one asked where.

One pass over the text answers for all patterns of a set. Which of them go into one set matters: its automaton keeps
track of all of them at once, and patterns that count different things make it grow with every byte of a random text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

__all__ = ["Find", "Together", "compiled", "finder", "quoted"]

_MAX_MEMORY = 32 << 20
_MAX_SET = 8 << 20

type Find = Callable[[bytes, int, int], Sequence[tuple[int, int]]]
"""Called with a text, where to begin and where to end; gives the span of the first match and of its groups. Where
there is none, the first of them begins at -1.
"""


def compiled(pattern: str) -> Any:
    """The RE2 program of a pattern: linear in time, bounded in memory."""
    import re2

    return re2.compile(pattern, _options(_MAX_MEMORY))


def quoted(text: str) -> str:
    """The pattern of a text as it is written."""
    import re2

    pattern: str = re2.escape(text)
    return pattern


def finder(program: Any) -> Find:
    """What finds a program's matches without the generator and the object that the wrapper makes for each search."""
    import re2

    return partial(program._regexp.Match, re2._Anchor.UNANCHORED)


class Together:
    """Patterns by number, asked in one pass."""

    __slots__ = ("_match", "_patterns")

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = tuple(patterns)
        # Without the wrapper, which looks at the kind of each text first.
        self._match: Any = _set(self._patterns)._set.Match if self._patterns else None

    def found(self, text: bytes, start: int = 0) -> list[int]:
        """The numbers of the patterns that occur, in no order."""
        if self._match is None:
            return []
        found: list[int] = self._match(memoryview(text)[start:] if start else text)
        if 0 in found:
            return [number - 1 for number in found if number] if len(found) > 1 else []
        # A set that runs out of memory says that nothing was found, and so not even the pattern that always is.
        return [number for number, one in enumerate(self._patterns) if compiled(one).search(text, start) is not None]


@lru_cache(maxsize=256)
def _set(patterns: tuple[str, ...]) -> Any:
    import re2

    made = re2.Set.SearchSet(_options(_MAX_SET))
    for pattern in ("", *patterns):
        made.Add(pattern)
    made.Compile()
    return made


def _options(memory: int) -> Any:
    import re2

    options = re2.Options()
    options.max_mem = memory
    options.log_errors = False
    return options
