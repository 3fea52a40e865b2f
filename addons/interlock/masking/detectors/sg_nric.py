"""Singapore's NRIC and FIN: a letter, seven digits, a check letter."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    total = weighed(value[1:8], (2, 7, 6, 5, 4, 3, 2)) + {"T": 4, "G": 4, "M": 3}.get(value[0], 0)
    letters = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "M": "KLJNPQRTUWX"}.get(value[0], "XWUTRQPNMLK")
    return (letters[total % 11] if value[0] != "M" else letters[10 - total % 11]) == value[8]


PART = identity(
    "sg-nric",
    r"[STFGMstfgm][0-9]{7}[A-Za-z]",
    _check,
    hits=("NRIC «S1234567D»", "FIN: «G1234567X»"),
    misses=("S1234567E", "s12"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    begins="STFGMstfgm",
)
