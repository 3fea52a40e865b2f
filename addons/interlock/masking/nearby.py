"""Words before a candidate: what makes nine digits a social insurance number, and a random text a password."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from interlock.masking.detector import CONTEXT
from interlock.masking.screen import any_of, word_pattern
from interlock.paths.together import compiled, finder

__all__ = ["Said", "before", "directly", "heading", "near", "spellings"]

_SIGNS = (b"|", b"\t", b";", b",")
_DIGIT = re.compile(rb"[0-9]")

type Ask = Callable[[bytes, int], bool]
"""Called with a text and where a candidate begins."""


class Said:
    """Words, and what may follow them, searched in the bytes before a candidate.

    Whether one of the words may stand there at all, perhaps within others, is asked first, and where the first does:
    it takes a microsecond, and to ask for their edges and for what follows a hundred.
    """

    __slots__ = ("_ends", "_find", "_pattern")

    def __init__(self, words: Sequence[str], after: str = "", *, ends: str = "") -> None:
        """`ends` is what RE2 asks for after a word, up to the end; without it, it asks for words alone."""
        self._ends = bool(ends)
        self._find = finder(compiled(f"(?:{any_of(words)}){ends}"))
        text = f"(?:{'|'.join(map(word_pattern, spellings(words)))}){after}"
        self._pattern = re.compile(text.encode(), re.IGNORECASE)

    def search(self, text: bytes, start: int = 0, end: int | None = None) -> re.Match[bytes] | None:
        """The first place between `start` and `end`; what stands before `start` is seen."""
        end = len(text) if end is None else end
        if start > end:
            return None
        if self._ends:  # RE2 knows no other end of a text than its own
            at = self._find(text[start:end], 0, end - start)[0][0]
            return self._pattern.search(text, start + at, end) if at >= 0 else None
        # Wherever the pattern begins, one of the words does: it is asked for there alone.
        at = self._find(text, start, end)[0][0]
        while at >= 0:
            found = self._pattern.match(text, at, end)
            if found is not None:
                return found
            at = self._find(text, at + 1, end)[0][0]
        return None


def near(*words: str) -> Ask:
    """Whether one of the words stands within the CONTEXT bytes before a candidate, in any case and spelling."""
    pattern = Said(words)

    def asks(text: bytes, start: int) -> bool:
        # Texts may be joined by NUL: what stands in another one says nothing.
        least = max(0, start - CONTEXT)
        return pattern.search(text, max(least, text.rfind(b"\0", least, start) + 1), start) is not None

    return asks


def before(*words: str) -> Ask:
    """Whether one of the words is the last thing said before a candidate's digits, or heads a column above it."""
    pattern, heads = Said(words, r"[^0-9\n\0]{0,24}\Z"), heading(*words)

    def asks(text: bytes, start: int) -> bool:
        return pattern.search(text, max(0, start - CONTEXT), start) is not None or heads(text, start)

    return asks


def heading(*words: str) -> Ask:
    """Whether a candidate stands in a table, and in the same column above it one of the words."""
    pattern = Said(words)

    def asks(text: bytes, start: int) -> bool:
        least = max(0, start - CONTEXT)
        nul = text.rfind(b"\0", least, start)
        begin = text.rfind(b"\n", max(least, nul + 1), start)
        if begin < 0:
            return False
        own, above = text[begin + 1 : start], text[max(least, nul + 1) : begin].split(b"\n")
        sign = next((sign for sign in _SIGNS if sign in own), b"")
        # A line that is not whole has lost cells.
        whole = above if start < CONTEXT or nul >= 0 else above[1:]
        at = own.count(sign) if sign else 0
        if not sign and own.strip(b" \"'"):
            return False
        return any(_heads(line, sign, at, pattern) for line in whole)

    return asks


def _heads(line: bytes, sign: bytes, at: int, pattern: Said) -> bool:
    cells = line.split(sign) if sign else [line]
    return at < len(cells) and not _DIGIT.search(cells[at]) and pattern.search(cells[at]) is not None


def directly(*words: str) -> Ask:
    r"""Whether a name that holds one of the words ends right before a candidate: `db_password":`, `NAME\" =`."""
    after = r"[A-Za-z0-9_]{0,12}[\]\)\"'`\\*]{0,4}[ \t]{0,3}"
    pattern = Said(words, after + r"\Z", ends=after + r"\z")

    def asks(text: bytes, start: int) -> bool:
        return pattern.search(text, max(0, start - CONTEXT), start) is not None

    return asks


def spellings(words: Sequence[str]) -> list[str]:
    """Words in every case that IGNORECASE does not see: in bytes, only ASCII has cases."""
    return list(
        dict.fromkeys(
            form for word in words for form in ((word,) if word.isascii() else (word, word.upper(), word.capitalize()))
        )
    )
