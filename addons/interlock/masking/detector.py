"""What a detector is: a linear-time pattern, what else must hold, and its own examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from interlock.errors import InterlockError

__all__ = ["CONFIDENCES", "CONTEXT", "MAX_HOLD", "Detector", "Judge", "after_word", "encode", "fullest", "is_word",
           "separate"]  # fmt: skip

CONFIDENCES = ("low", "medium", "high")
MAX_HOLD = 16 * 1024
"""Bytes a stream holds back at most while a value may still be incomplete; beyond it the rest is masked."""

CONTEXT = 64
"""Bytes before a candidate that a judge may look at; streams keep as many in view."""

type Judge = Callable[[bytes, int, int], Iterable[tuple[int, int, str]]]
"""Called with UTF-8 text and a candidate's start and end; gives the real values in it as (start, end, confidence)."""

_ESCAPE = re.compile(rb"(?:\\[bfnrt]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2})\Z")
_BLANK = re.compile(rb"[xX]{8}|\*{4}|0{12}|(?i:your[_\-])")
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
    `words` are what its judge asks for within the CONTEXT bytes before a candidate: where none of them stands, nothing
    is found, unless it is `lone`: then they only make more of what is found. `edged` says that it asks for short words
    only where they stand alone, or as in `userBsn`. `escaped` says that the pattern also reads
    what it needs as JSON escapes it.
    `needs` is a simpler pattern that stands in whatever is found, where `pattern` occurs often or is slow to ask for;
    it is asked for in the place of `prefixes` that other words begin with, too.
    `whole` says that a value begins where a word does, so that nothing is looked for inside one that failed.
    `timed` marks a pattern that an operator wrote: it is run by `regex`, line by line and with a limit of time.
    `kind` is the detector whose values it finds in another way: who names that one means this one too, and what this
    one finds is called so.
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
    words: tuple[str, ...] = ()
    lone: bool = False
    edged: bool = False
    escaped: bool = False
    needs: str = field(default="", repr=False)
    whole: bool = False
    timed: bool = False
    judge: Judge | None = None
    kind: str = ""

    def __post_init__(self) -> None:
        if self.retry and not self.length:
            raise InterlockError(f"detector {self.name!r} looks again inside candidates that have no longest length")


def encode(text: str) -> bytes:
    """UTF-8 that also keeps lone surrogates, which JSON can hold."""
    return text.encode("utf-8", "surrogatepass")


def is_word(text: bytes, index: int) -> bool:
    """Whether an ASCII letter, digit or underscore stands at `index`; outside the text there is none."""
    return 0 <= index < len(text) and text[index] in _WORD


def after_word(text: bytes, start: int) -> bool:
    """Whether what begins at `start` continues a word.

    Texts hold JSON, URLs and HTML, so the last letter of an escape (`\\n`, `\\u0022`, `%3D`) is none.
    """
    if not is_word(text, start - 1):
        return False
    return not _ESCAPE.search(text, max(0, start - 6), start)


def separate(text: bytes, start: int, end: int) -> bool:
    """Whether the candidate is not a part of a longer word."""
    return not after_word(text, start) and not is_word(text, end)


def fullest(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    """The judge of values that are certain by their shape once they stand as a word of their own.

    A row of the same letter, or a word such as `your`, stands where a value is to be put.
    """
    return [(start, end, "high")] if separate(text, start, end) and not _BLANK.search(text, start, end) else []
