"""Hong Kong's identity card number with its check digit in brackets."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    letters = value[:-7].rjust(2)
    places = [36 if letter == " " else ord(letter) - 55 for letter in letters]
    total = places[0] * 9 + places[1] * 8 + weighed(value[-7:-1], (7, 6, 5, 4, 3, 2))
    return (total + (10 if value[-1] == "A" else int(value[-1]))) % 11 == 0


PART = identity(
    "hk-id",
    r"[A-Z]{1,2}[0-9]{6}\([0-9A]\)",
    _check,
    hits=("HKID «A123456(3)»", "«A123456(3)», next"),
    misses=("A123456(4)", "A123456"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ()",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
