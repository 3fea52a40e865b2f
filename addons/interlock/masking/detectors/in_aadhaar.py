"""India's Aadhaar: twelve digits, Verhoeff."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, is_verhoeff

__all__ = ["PART"]


def _check(value: str) -> bool:
    return value[0] in "23456789" and is_verhoeff(value)


PART = identity(
    "in-aadhaar",
    rf"[0-9]{{4}}{GAP}?[0-9]{{4}}{GAP}?[0-9]{{4}}",
    _check,
    hits=("Aadhaar «2341 2341 2346»", "aadhaar_number: «234123412346»"),
    misses=("Aadhaar 2341 2341 2347", "x234123412346"),
    words=("aadhaar", "aadhar", "uidai", "आधार"),
)
