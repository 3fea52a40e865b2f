"""Asks for many words at once: which of them stand in a text, and where it ends in the beginning of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["Literals", "Words", "compiled", "fold_word", "word_pattern"]

_MAX_MEMORY = 32 << 20
_ENOUGH = 2000
"""Where so many were found, all are taken for found: that costs less than to look on."""
_SEPARATORS = re.compile(r"[\W_]+")
_SHORT = 4
_REACH = 400
"""Bytes after a word in which those that begin inside of it end."""
_NONE = frozenset[str]()
_BETWEEN = b" _.-"
_TOLD = 3
_NEXT = 3 * _TOLD
"""So many letters, with two separators before each, tell whether a word may go on."""


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

    __slots__ = ("_after", "_all", "_learnt", "_meant", "_pattern")

    def __init__(self, pattern: str, meant: dict[str, frozenset[int]]) -> None:
        self._pattern: Any = compiled(pattern) if pattern else None
        self._after = _overlaps(meant)
        self._meant = {word: _with_inner(word, meant) for word in meant}
        self._all = frozenset[int]().union(*meant.values())
        self._learnt: dict[bytes, tuple[frozenset[int], frozenset[str]]] = {}

    def found(self, text: bytes, start: int = 0) -> frozenset[int]:
        """The numbers of all whose words stand in the text, and perhaps of more."""
        if self._pattern is None:
            return frozenset()
        found, looked, seen = set[int](), 0, set[bytes]()
        for match in self._pattern.finditer(text, start):
            first, end = match.span()
            around = text[first : end + _NEXT]
            if around in seen:
                continue
            means, after = self._learnt.get(match.group()) or self._learn(match.group())
            found |= means
            if after and self._goes_on(around[end - first :], after):
                looked += 1
                if looked > _ENOUGH:
                    return self._all
                self._note(text, first, end, found)
            elif len(seen) < _ENOUGH and len(around) == end - first + _NEXT:
                seen.add(around)
        return frozenset(found)

    def _note(self, text: bytes, start: int, end: int, found: set[int]) -> None:
        """Who is meant by words that begin inside of a word and end after it."""
        start += 1
        while start < end and (match := self._pattern.search(text, start, end + _REACH)) is not None:
            found |= self._learn(match.group())[0]
            start = match.start() + 1

    def _learn(self, word: bytes) -> tuple[frozenset[int], frozenset[str]]:
        key = self._key(word)
        if len(self._learnt) >= _ENOUGH:
            self._learnt.clear()
        known = self._learnt[word] = (self._meant.get(key, self._all), self._after.get(key, _NONE))
        return known

    def _goes_on(self, following: bytes, after: frozenset[str]) -> bool:
        """Whether a word that began inside of one may go on with this."""
        return not following.isascii() or _begins(following.decode(), after)

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

    def _goes_on(self, following: bytes, after: frozenset[str]) -> bool:
        folded = following.translate(None, _BETWEEN).lower()
        return not following.isascii() or _begins(folded.decode(), after)

    def _key(self, word: bytes) -> str:
        return fold_word(word.decode("utf-8", "replace"))


def _begins(following: str, after: frozenset[str]) -> bool:
    return any(following[:size] in after for size in range(1, _TOLD + 1))


def _overlaps(words: Iterable[str]) -> dict[str, frozenset[str]]:
    """What follows a word where another one begins inside of it and goes on after it."""
    following: dict[str, set[str]] = {}
    for word in words:
        for end in range(1, len(word)):
            following.setdefault(word[:end], set()).add(word[end : end + _TOLD])
    return {
        word: frozenset(told for start in range(1, len(word)) for told in following.get(word[start:], ()))
        for word in words
    }


def _with_inner(word: str, meant: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """Who is meant by a word and by all words inside of it."""
    inner = (word[start:end] for start in range(len(word)) for end in range(start + 1, len(word) + 1))
    return frozenset[int]().union(*(meant.get(part, ()) for part in inner))


def _meant(word: str, lists: Sequence[Iterable[str]]) -> frozenset[int]:
    """Who has a word that could begin where this one does: a pattern finds only one of them."""
    return frozenset(
        number
        for number, words in enumerate(lists)
        if any(other.startswith(word) or word.startswith(other) for other in words)
    )


def _escape(word: str) -> str:
    return re.sub(r"([^A-Za-z0-9_])", lambda match: f"\\x{{{ord(match[1]):x}}}", word)
