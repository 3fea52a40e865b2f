"""Numbers whose groups stand on lines of their own, or have underscores between them."""

from __future__ import annotations

import re

from interlock.masking.detector import after_word, is_word

__all__ = ["CHARS", "SPLITS", "joined", "stands_alone"]

CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_\r\n\\n"
"""What such a number is made of, and what stands on the line behind it that may show it to be none."""

SPLITS = ("_", r"\r?\n", r"\\n")
"""What may stand between groups, as patterns; in one number it is always the same."""

_BETWEEN = re.compile(rb"_|\r?\n|\\n")
_CODE = rb"(?=[A-Z]{0,7}[0-9])[0-9A-Z]{1,8}"
_BEFORE = re.compile(rb"(?:\A|[^0-9A-Za-z])" + _CODE + rb"(?:\r?\n|\\n)\Z")
_BEHIND = re.compile(rb"(?:\r?\n|\\n)" + _CODE + rb"(?![0-9A-Za-z])")
_LONGEST = 12


def joined(text: bytes, start: int, end: int) -> bytes:
    """The groups without what stands between them."""
    return _BETWEEN.sub(b"", text[start:end])


def stands_alone(text: bytes, start: int, end: int) -> bool:
    """Whether it is no part of a longer word, and of no column of short codes."""
    if is_word(text, end) or (after_word(text, start) and text[start - 2 : start] != b"\\n"):
        return False
    if b"_" in text[start:end]:
        return True
    return _BEFORE.search(text, max(0, start - _LONGEST), start) is None and _BEHIND.match(text, end) is None
