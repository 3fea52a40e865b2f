"""Asks for many words at once: which of them stand in a text, and where it ends in the beginning of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["Literals", "Words", "compiled", "fold_word", "word_pattern"]

_MAX_MEMORY = 32 << 20
_ENOUGH = 2000
"""Where so many were found, all are taken for found: that costs less than to look on."""
_SEPARATORS = re.compile(r"[\W_]+")
_SHORT = 4


def compiled(pattern: str) -> Any:
    """The RE2 program of a pattern: linear in time, bounded in memory."""
    import re2

    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    return re2.compile(pattern, options)


def fold_word(word: str) -> str:
    """A word without case and separators."""
    return _SEPARATORS.sub("", word.casefold())


def word_pattern(word: str) -> str:
    """A pattern of a word whose blanks may be any separator or none. Short words stand alone, or as in `userBsn`."""
    body = r"[ _.\-]{0,2}".join(re.escape(piece) for piece in word.split())
    if len(word) > _SHORT:
        return body
    hump = r"(?-i:(?<=[a-z])(?=[A-Z]))"
    return rf"(?:(?<![A-Za-z])|{hump}){body}s?(?:(?![A-Za-z])|{hump})"


class _Screen:
    """A pattern that finds any of the words, and who is meant by each."""

    __slots__ = ("_all", "_meant", "_pattern")

    def __init__(self, pattern: str, meant: dict[str, frozenset[int]]) -> None:
        self._pattern = compiled(pattern) if pattern else None
        self._meant = meant
        self._all = frozenset[int]().union(*meant.values())

    def found(self, text: bytes, start: int = 0) -> frozenset[int]:
        """The numbers of all whose words stand in the text, and perhaps of more."""
        if self._pattern is None:
            return frozenset()
        search, found = self._pattern.search, set[int]()
        for _ in range(_ENOUGH):
            match = search(text, start)
            if match is None:
                return frozenset(found)
            found |= self._meant.get(self._key(match.group()), self._all)
            # One word may stand inside another, so the next begins one further, not at the end.
            start = match.start() + 1
        return self._all

    def _key(self, word: bytes) -> str:
        raise NotImplementedError


class Literals(_Screen):
    """Words as they are written, each list's number in the place of it."""

    __slots__ = ("_beginnings", "_longest")

    def __init__(self, lists: Sequence[Iterable[str]]) -> None:
        words = sorted({word for words in lists for word in words})
        meant = {word: _meant(word, lists) for word in words}
        super().__init__("|".join(map(_escape, words)), meant)
        coded = [word.encode() for word in words]
        self._beginnings = frozenset(word[:end] for word in coded for end in range(1, len(word)))
        self._longest = max(map(len, coded), default=1) - 1

    def partial(self, text: bytes, start: int) -> int:
        """Where the text, from `start` on, ends in the beginning of a word; its length where it does not."""
        size = len(text)
        for at in range(max(start, size - self._longest), size):
            if text[at:] in self._beginnings:
                return at
        return size

    def _key(self, word: bytes) -> str:
        return word.decode()


class Words(_Screen):
    """Words in any case, with any separators inside."""

    __slots__ = ()

    def __init__(self, lists: Sequence[Iterable[str]]) -> None:
        words = sorted({word for words in lists for word in words})
        folded = [[fold_word(word) for word in words] for words in lists]
        meant = {fold_word(word): _meant(fold_word(word), folded) for word in words}
        patterns = (r"[ _.\x{2d}]{0,2}".join(map(_escape, word.split())) for word in words)
        super().__init__(f"(?i)(?:{'|'.join(patterns)})" if words else "", meant)

    def _key(self, word: bytes) -> str:
        return fold_word(word.decode("utf-8", "replace"))


def _meant(word: str, lists: Sequence[Iterable[str]]) -> frozenset[int]:
    """Who has a word that could begin where this one does: a pattern finds only one of them."""
    return frozenset(
        number
        for number, words in enumerate(lists)
        if any(other.startswith(word) or word.startswith(other) for other in words)
    )


def _escape(word: str) -> str:
    return re.sub(r"([^A-Za-z0-9_])", lambda match: f"\\x{{{ord(match[1]):x}}}", word)
