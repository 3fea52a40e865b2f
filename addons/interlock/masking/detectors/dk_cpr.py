"""Denmark's CPR number: birthday and four digits, which have no check since 2007."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, is_day

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_day(int(value[4:6]), int(value[2:4]), int(value[:2]))


PART = identity(
    "dk-cpr",
    rf"[0-9]{{6}}{DASH}?[0-9]{{4}}",
    _check,
    hits=("CPR «070761-4285»", "CPR-nr.: «0707614285»"),
    misses=("CPR 990761-4285", "x070761-4285"),
    words=("cpr", "cpr nr", "personnummer", "person nr"),
)
