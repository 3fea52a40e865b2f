"""Vehicle identification numbers (ISO 3779), by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity

__all__ = ["PART"]


def _check(value: str) -> bool:
    return any(letter.isdigit() for letter in value) and any(letter.isalpha() for letter in value)


PART = identity(
    "vehicle-vin",
    r"[A-HJ-NPR-Z0-9]{17}",
    _check,
    hits=("VIN «1M8GDM9AXKP042788»", "vehicle identification number: «WVWZZZ1JZXW000001»"),
    misses=("part 1M8GDM9AXKP042788", "VIN 1M8GDM9AXKP04278"),
    words=("vin", "vehicle identification", "fahrgestell", "fahrgestellnummer"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    person=False,
)
