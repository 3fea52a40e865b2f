"""Asks for many words at once: which of them stand in a text, and where it ends in the beginning of one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from interlock.paths.together import Together

__all__ = [
    "Literals",
    "Screen",
    "Words",
    "any_of",
    "edged_words_meant",
    "literals_meant",
    "word_pattern",
    "words_meant",
]

_SHORT = 4
_MAX_KNOWN = 1024
_NOBODY = frozenset[int]()


def word_pattern(word: str) -> str:
    """A pattern of a word whose blanks may be any separator or none. Short words stand alone, or as in `userBsn`."""
    body = r"[ _.\-]{0,2}".join(re.escape(piece) for piece in word.split())
    if len(word) > _SHORT:
        return body
    hump = r"(?-i:(?<=[a-z])(?=[A-Z]))"
    return rf"(?:(?<![A-Za-z])|{hump}){body}s?(?:(?![A-Za-z])|{hump})"


def any_of(words: Iterable[str]) -> str:
    """An RE2 pattern of any of the words, in any case and with any separators, in other words too: what `word_pattern`
    finds, it finds.
    """
    return "|".join(map(_any_form, sorted(set(words))))


class Screen:
    """Patterns, each with the numbers of all who are meant by it."""

    __slots__ = ("_ever", "_meant", "_together")

    def __init__(self, meant: Mapping[str, frozenset[int]]) -> None:
        self._together = Together(tuple(meant))
        self._meant = tuple(meant.values())
        self._ever: dict[tuple[int, ...], frozenset[int]] = {}

    def found(self, text: bytes, start: int = 0) -> frozenset[int]:
        """The numbers of all who are meant by what stands in the text from `start` on."""
        found = self._together.found(text, start)
        if not found:
            return _NOBODY
        key = tuple(found)
        known = self._ever.get(key)
        if known is None:
            known = _NOBODY.union(*[self._meant[number] for number in found])
            if len(self._ever) < _MAX_KNOWN:
                self._ever[key] = known
        return known


class Literals(Screen):
    """Words as they are written, each list's number in the place of it."""

    __slots__ = ("_beginnings", "_longest")

    def __init__(self, lists: Sequence[Iterable[str]]) -> None:
        super().__init__(literals_meant(lists))
        coded = {word.encode() for words in lists for word in words}
        self._beginnings = frozenset(word[:end] for word in coded for end in range(1, len(word)))
        self._longest = max(map(len, coded), default=1) - 1

    def partial(self, text: bytes, start: int) -> int:
        """Where the text, from `start` on, ends in the beginning of a word; its length where it does not."""
        size = len(text)
        for at in range(max(start, size - self._longest), size):
            if text[at:] in self._beginnings:
                return at
        return size


class Words(Screen):
    """Words in any case, with any separators inside."""

    __slots__ = ()

    def __init__(self, lists: Sequence[Iterable[str]]) -> None:
        super().__init__(words_meant(lists))


def literals_meant(lists: Sequence[Iterable[str]]) -> dict[str, frozenset[int]]:
    """For each literal's pattern the numbers of the lists that have it."""
    return _meant(lists, _escape)


def words_meant(lists: Sequence[Iterable[str]]) -> dict[str, frozenset[int]]:
    """For each word's pattern, in any case and with any separators, the numbers of the lists that have it."""
    return _meant(lists, _any_form)


def edged_words_meant(lists: Sequence[Iterable[str]]) -> dict[str, frozenset[int]]:
    """As words_meant, but a short word counts only where `word_pattern` finds it, or nearly so: not in other words."""
    return _meant(lists, lambda word: _edged_form(word) if _is_short(word) else _any_form(word))


def _is_short(word: str) -> bool:
    return 1 < len(word) <= _SHORT and word.isascii() and word.isalpha() and word.islower()


def _edged_form(word: str) -> str:
    # RE2 has no look-around: what stands beside the word is a part of the match. The last letter of an escape is none.
    first, inner, last = _escape(word[0]), _escape(word[1:-1]), _escape(word[-1])
    begin = rf"(?:(?:\A|[^A-Za-z]|\\[bfnrt])(?i:{first})|[a-z]{first.upper()})"
    end = rf"(?:(?i:{last}s?)(?:\z|[^A-Za-z])|(?:{last}|(?i:{last})s)[A-Z])"
    return f"{begin}(?i:{inner}){end}"


def _any_form(word: str) -> str:
    # Not every letter has one other case: STRASSE is straße.
    forms = [word] if word.isascii() else dict.fromkeys((word, word.upper(), word.capitalize()))
    spelled = (r"[ _.\x{2d}]{0,2}".join(map(_escape, form.split())) for form in forms)
    return f"(?i:{'|'.join(spelled)})"


def _meant(lists: Sequence[Iterable[str]], pattern: Callable[[str], str]) -> dict[str, frozenset[int]]:
    meant: dict[str, set[int]] = {}
    for number, words in enumerate(lists):
        for word in words:
            meant.setdefault(pattern(word), set()).add(number)
    return {one: frozenset(numbers) for one, numbers in sorted(meant.items())}


def _escape(word: str) -> str:
    return re.sub(r"([^A-Za-z0-9_])", lambda match: f"\\x{{{ord(match[1]):x}}}", word)
