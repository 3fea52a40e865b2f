"""South Africa's identity number: birthday, serial, citizenship, Luhn."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, is_day, is_luhn

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_day(int(value[:2]), int(value[2:4]), int(value[4:6])) and is_luhn(value)


PART = identity(
    "za-id",
    rf"[0-9]{{6}}{GAP}?[0-9]{{4}}{GAP}?[01][0-9]{{2}}",
    _check,
    hits=("South African ID «8001015009087»", "ID number «8001015009087»", "SA ID: «800101 5009 087»"),
    misses=("ID number 8001015009088", "epoch 8001015009087"),
    words=("id number", "sa id", "identity number", "id no", "rsa id", "african id", "identiteitsnommer", "za id"),
)
