"""What the texts that one text holds may cost together: a script may run the same file, or other ones, again and again.

Costs are counted in microseconds as they are on an ordinary machine, from the kind and the length of a text and from
how many operations it holds: the same text is judged alike everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from interlock.model import Operation

__all__ = ["Nested", "Programs"]

_MOST = 100_000
_COSTS = {"sql": (200, 5), "shell": (150, 5), "": (50, 2)}
_READ_IN_ALL = 4
"""SQL without a dialect is read in several."""
_OPERATION = 20
_MAX_PROGRAMS = 40_000
_MAX_FED = 16_000

type _Key = tuple[str, str, str]


class Nested:
    """The texts inside one that were read, each once, and what may still be spent on them."""

    __slots__ = ("_known", "_left")

    def __init__(self) -> None:
        self._known: dict[tuple[_Key, int], tuple[Operation, ...]] = {}
        self._left = _MOST

    @property
    def is_spent(self) -> bool:
        """Whether no other text is read any more."""
        return self._left < 0

    def known(self, key: _Key, depth: int) -> tuple[Operation, ...] | None:
        """What a text holds that was read at this depth before."""
        return self._known.get((key, depth))

    def read(self, key: _Key, depth: int, found: tuple[Operation, ...]) -> None:
        """A text (with its language and dialect) was read."""
        text, language, dialect = key
        once, each = _COSTS.get(language, _COSTS[""])
        times = 1 if dialect or language != "sql" else _READ_IN_ALL
        self._left -= times * (once + each * len(text))
        self._known[key, depth] = found

    def took(self, found: Iterable[Operation]) -> None:
        """Operations become part of those of the text around."""
        self._left -= _OPERATION * sum(len(one.walk()) for one in found)


class Programs:
    """Programs of other languages in one script, which are read as far as all of them together are not too long."""

    __slots__ = ("_fed", "_left")

    def __init__(self) -> None:
        self._left, self._fed = _MAX_PROGRAMS, _MAX_FED

    def takes(self, words: int) -> bool:
        """Whether so many words more are put behind commands; they count from now on."""
        self._fed -= words
        return self._fed >= 0

    def has_room(self, text: str) -> bool:
        """Whether one more is read; it counts from now on."""
        self._left -= len(text)
        return self._left >= 0
