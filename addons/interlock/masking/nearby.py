"""Words before a candidate: what makes nine digits a social insurance number, and a random text a password."""

from __future__ import annotations

import re
from collections.abc import Callable

from interlock.masking.detector import CONTEXT
from interlock.masking.screen import word_pattern

__all__ = ["before", "directly", "near"]

type Ask = Callable[[bytes, int], bool]
"""Called with a text and where a candidate begins."""


def near(*words: str) -> Ask:
    """Whether one of the words stands within the CONTEXT bytes before a candidate, in any case and spelling."""
    pattern = _pattern(words, "")

    def asks(text: bytes, start: int) -> bool:
        # Texts may be joined by NUL: what stands in another one says nothing.
        return pattern.search(text, max(0, start - CONTEXT, text.rfind(b"\0", 0, start) + 1), start) is not None

    return asks


def before(*words: str) -> Ask:
    """Whether one of the words is the last thing said before a candidate's digits, or heads a column above it."""
    table = r"[^\n\0]{0,40}\n(?:[-+|: ]{3,60}\n)?[^\n\0]{0,40}\Z"
    pattern = _pattern(words, rf"(?:[^0-9\n\0]{{0,24}}\Z|{table})")

    def asks(text: bytes, start: int) -> bool:
        return pattern.search(text, max(0, start - CONTEXT), start) is not None

    return asks


def directly(*words: str) -> Ask:
    r"""Whether a name that holds one of the words ends right before a candidate: `db_password":`, `NAME\" =`."""
    pattern = _pattern(words, r"[A-Za-z0-9_]{0,12}[\]\)\"'`\\*]{0,4}[ \t]{0,3}\Z")

    def asks(text: bytes, start: int) -> bool:
        return pattern.search(text, max(0, start - CONTEXT), start) is not None

    return asks


def _pattern(words: tuple[str, ...], after: str) -> re.Pattern[bytes]:
    # In bytes, only ASCII has cases.
    spelled = dict.fromkeys(form for word in words for form in (word, word.upper(), word.capitalize()))
    text = f"(?:{'|'.join(map(word_pattern, spelled))}){after}"
    return re.compile(text.encode(), re.IGNORECASE)
