"""Germany's pension insurance number: area, birthday, initial, serial, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, is_day

__all__ = ["PART"]


def _check(value: str) -> bool:
    if not is_day(int(value[6:8]), int(value[4:6]), int(value[2:4]) % 50 or int(value[2:4])):
        return False
    digits = value[:8] + f"{ord(value[8]) - 64:02}" + value[9:11]
    total = 0
    for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True):
        product = int(digit) * weight
        total += product // 10 + product % 10
    return total % 10 == int(value[11])


PART = identity(
    "de-pension-number",
    rf"[0-9]{{2}}{GAP}?[0-9]{{6}}{GAP}?[A-Z]{GAP}?[0-9]{{3}}",
    _check,
    hits=("RVNR «15070649C103»", "Sozialversicherungsnummer: «15 070649 C 103»"),
    misses=("15070649C104", "65 993049 C 103"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
