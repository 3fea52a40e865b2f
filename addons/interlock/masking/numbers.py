"""Check digits and dates of identifiers, and what stands between their digits. Pure arithmetic."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence

from interlock.masking.detector import after_word, is_word

__all__ = ["DASH", "GAP", "LONG", "alone", "compact", "is_day", "is_luhn", "is_mod11_10", "is_verhoeff", "weighed"]

_BLANKS = r"\x{a0}\x{2000}-\x{200b}\x{202f}\x{2060}\x{3000}"
_DASHES = r"\x{2010}-\x{2015}\x{2212}\x{fe58}\x{fe63}\x{ff0d}"
DASH = rf"[\-{_DASHES}]"
"""A hyphen, or what typesetting puts in its place."""
GAP = rf"[ .\-{_BLANKS}{_DASHES}]"
"""What people put between groups of digits."""
_EDGE = r"(?:\A|[^0-9]|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})"
LONG = _EDGE + r'[0-9](?:[^0-9A-Za-z"]?[0-9]){10}(?:[^0-9]|\z)'
"""Eleven digits and no more, whatever stands between two of them: what is asked before how they are grouped."""
_HYPHEN = 0x2D
_NOISE = re.compile(rb"[^0-9A-Za-z]+")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_TIMES = tuple(
    tuple((row + col) % 5 if row < 5 and col < 5 else
          5 + (row + col) % 5 if row < 5 else
          5 + (row - col) % 5 if col < 5 else (row - col) % 5 for col in range(10)) for row in range(10)
)  # fmt: skip
_TURNS = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4))


def compact(value: bytes) -> str:
    """Letters and digits alone, in upper case."""
    return _NOISE.sub(b"", value).decode("ascii").upper()


def alone(text: bytes, start: int, end: int) -> bool:
    """Whether digits are no part of a longer word, number, date or id: neither `x12`, nor `1.12`, nor `12-3`."""
    if after_word(text, start) or is_word(text, end):
        return False
    before, beyond = text[max(0, start - 2) : start], text[end : end + 2]
    if len(before) == 2 and (
        (before[1] in b"./+" and before[:1].isdigit()) or (before[1] == _HYPHEN and before[:1].isalnum())
    ):
        return False
    if len(beyond) < 2:
        return True
    return not ((beyond[0] in b"./" and beyond[1:].isdigit()) or (beyond[0] == _HYPHEN and beyond[1:].isalnum()))


def is_luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        total += _DOUBLED[int(digit)] if index % 2 else int(digit)
    return total % 10 == 0


def weighed(digits: str, weights: Sequence[int]) -> int:
    """The sum of the digits, each times its weight; what is longer than the other counts nothing."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def is_mod11_10(digits: str) -> bool:
    """ISO/IEC 7064, MOD 11,10."""
    product = 10
    for digit in digits[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (product + int(digits[-1])) % 10 == 1


def is_verhoeff(digits: str) -> bool:
    """Verhoeff's check digit over the dihedral group of order ten."""
    check = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit)
        for _ in range(index % 8):
            value = _TURNS[1][value]
        check = _TIMES[check][value]
    return check == 0


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there was such a day; a year of two digits stands for any century."""
    if not 1 <= month <= 12 or day < 1:
        return False
    if year < 100:
        return day <= (29 if month == 2 else calendar.monthrange(2001, month)[1])
    return 1850 <= year <= 2100 and day <= calendar.monthrange(year, month)[1]
