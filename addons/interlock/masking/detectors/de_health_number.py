"""Germany's health insurance number: a letter, eight digits, a check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity

__all__ = ["PART"]


def _check(value: str) -> bool:
    digits = f"{ord(value[0]) - 64:02}" + value[1:9]
    total = 0
    for index, digit in enumerate(digits):
        product = int(digit) * (1 + index % 2)
        total += product // 10 + product % 10
    return total % 10 == int(value[9])


PART = identity(
    "de-health-number",
    r"[A-Z][0-9]{9}",
    _check,
    hits=("KVNR «A123456780»", "Krankenversichertennummer: «A123456780»"),
    misses=("KVNR A123456781", "part A123456780"),
    words=("kvnr", "krankenversicherten", "versichertennummer", "krankenversicherung", "health insurance"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    person=False,
)
