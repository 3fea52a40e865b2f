"""Poland's PESEL: birthday with the century in its month, serial, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    if not is_day(int(value[:2]), int(value[2:4]) % 20, int(value[4:6])):
        return False
    return weighed(value, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)) % 10 == 0


PART = identity(
    "pl-pesel",
    r"[0-9]{11}",
    _check,
    hits=("PESEL «44051401359»", "pesel: «02070803628»"),
    misses=("PESEL 44051401358", "order 44051401359"),
    words=("pesel",),
)
