"""What a detector is: a linear-time pattern, what else must hold, and its own examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from interlock.errors import InterlockError

__all__ = ["CONFIDENCES", "MAX_HOLD", "Detector", "Judge", "after_word", "fullest", "is_word", "separate"]

CONFIDENCES = ("low", "medium", "high")
MAX_HOLD = 16 * 1024
"""Bytes a stream holds back at most while a value may still be incomplete; beyond it the rest is masked."""

type Judge = Callable[[bytes, int, int], Iterable[tuple[int, int, str]]]
"""Called with UTF-8 text and a candidate's start and end; gives the real values in it as (start, end, confidence)."""

_BACKSLASH, _ESCAPED = 0x5C, frozenset(b"bfnrt")
_WORD = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")


@dataclass(frozen=True, slots=True)
class Detector:
    """One kind of sensitive text.

    `pattern` is RE2 without look-around and without `\\b`, and matches neither NUL nor line ends, so that several
    texts can be searched at once. Where it has a group, the group is the value.
    `chars` are all ASCII characters that a candidate may hold (others count as included where `wide` is set), and
    `length` the longest candidate in bytes (0: not bounded): they say when a candidate in a stream is complete.
    `begins`, if given, are the characters a candidate can begin with, and `prefixes` what it begins with: they keep
    streams from holding what cannot become one. `until` makes the candidate the opening of a block
    that reaches to this pattern. `judge` confirms candidates; `retry` looks again inside a candidate that failed.
    `hits` are texts with every value between « and »; `misses` hold none.
    """

    name: str
    pattern: str = field(repr=False)
    hits: tuple[str, ...]
    misses: tuple[str, ...]
    chars: str = field(repr=False)
    length: int = 0
    confidence: str = "high"
    begins: str = ""
    prefixes: tuple[str, ...] = ()
    until: str = ""
    wide: bool = False
    retry: bool = False
    judge: Judge | None = None

    def __post_init__(self) -> None:
        if self.retry and not self.length:
            raise InterlockError(f"detector {self.name!r} looks again inside candidates that have no longest length")


def is_word(text: bytes, index: int) -> bool:
    """Whether an ASCII letter, digit or underscore stands at `index`; outside the text there is none."""
    return 0 <= index < len(text) and text[index] in _WORD


def after_word(text: bytes, start: int) -> bool:
    """Whether what begins at `start` continues a word. Texts hold JSON, so the letter of an escape (`\\n`) is none."""
    if not is_word(text, start - 1):
        return False
    return not (start > 1 and text[start - 2] == _BACKSLASH and text[start - 1] in _ESCAPED)


def separate(text: bytes, start: int, end: int) -> bool:
    """Whether the candidate is not a part of a longer word."""
    return not after_word(text, start) and not is_word(text, end)


def fullest(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    """The judge of values that are certain by their shape once they stand as a word of their own."""
    return [(start, end, "high")] if separate(text, start, end) else []
