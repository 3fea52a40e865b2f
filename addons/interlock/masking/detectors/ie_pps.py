"""Ireland's PPS number: seven digits, a check letter, perhaps a second letter."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    second = value[8:9]
    total = weighed(value[:7], (8, 7, 6, 5, 4, 3, 2)) + 9 * ("WABCDEFGHI".index(second) if second else 0)
    return "WABCDEFGHIJKLMNOPQRSTUV"[total % 23] == value[7]


PART = identity(
    "ie-pps",
    r"[0-9]{7}[A-Wa-w][A-IWa-iw]?",
    _check,
    hits=("PPS «1234567T»", "PPSN: «1234567FA»"),
    misses=("PPS 1234567U", "x1234567T"),
    words=("pps", "ppsn", "personal public service"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
)
