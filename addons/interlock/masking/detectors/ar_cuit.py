"""Argentina's CUIT and CUIL: kind, number, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    rest = 11 - weighed(value, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return {11: 0, 10: 9}.get(rest, rest) == int(value[10])


PART = identity(
    "ar-cuit",
    rf"(?:20|23|24|27|30|33|34){DASH}?[0-9]{{8}}{DASH}?[0-9]",
    _check,
    hits=("CUIT «20-05536168-2»", "cuil: «20055361682», «20-05536168-2»"),
    misses=("CUIT 20-05536168-3", "x20055361682", "20-05536168-2-7"),
    words=("cuit", "cuil"),
    lone="medium",
    form=rb"[0-9]{2}[^0-9]+[0-9]{8}[^0-9]+[0-9]",
    begins="23",
)
