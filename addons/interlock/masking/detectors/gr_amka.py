"""Greece's social security number: birthday, serial, Luhn."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day, is_luhn

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_day(int(value[4:6]), int(value[2:4]), int(value[:2])) and is_luhn(value)


PART = identity(
    "gr-amka",
    r"[0-9]{11}",
    _check,
    hits=("AMKA «01013099997»", "ΑΜΚΑ: «01013099997»"),
    misses=("AMKA 01013099998", "order 01013099997"),
    words=("amka", "αμκα"),
)
