"""Croatia's personal identification number: eleven digits, MOD 11,10."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_mod11_10

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_mod11_10(value)


PART = identity(
    "hr-oib",
    r"[0-9]{11}",
    _check,
    hits=("OIB «94577403194»", "oib: «33392005961»"),
    misses=("OIB 94577403195", "order 94577403194"),
    words=("oib", "osobni identifikacijski"),
)
