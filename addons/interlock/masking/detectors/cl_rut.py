"""Chile's RUT: up to eight digits and a check character."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH

__all__ = ["PART"]


def _check(value: str) -> bool:
    total = sum(int(digit) * (2 + index % 6) for index, digit in enumerate(reversed(value[:-1])))
    return "0K987654321"[total % 11] == value[-1]


PART = identity(
    "cl-rut",
    rf"[0-9]{{1,2}}\.?[0-9]{{3}}\.?[0-9]{{3}}{DASH}[0-9Kk]",
    _check,
    hits=("RUT «12.531.909-2»", "de «12.531.909-2»", "run: «12531909-2»"),
    misses=("RUT 12.531.909-3", "x12531909-2", "order 12531909-2"),
    words=("rut", "run", "rol único"),
    lone="medium",
    form=rb"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9Kk]",
    more="Kk",
)
