"""US employer identification numbers, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH

__all__ = ["PART"]


def _check(value: str) -> bool:
    return value[:2] not in ("00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89")


PART = identity(
    "us-ein",
    rf"[0-9]{{2}}{DASH}?[0-9]{{7}}",
    _check,
    hits=("EIN «12-3456789»", "employer identification number: «123456789»"),
    misses=("EIN 00-3456789", "order 12-3456789"),
    words=("ein", "employer identification", "fein", "federal tax id"),
    person=False,
)
