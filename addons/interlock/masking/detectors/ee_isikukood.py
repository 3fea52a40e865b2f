"""Estonia's and Lithuania's personal code: century and sex, birthday, serial, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    if not is_day(int(value[1:3]), int(value[3:5]), int(value[5:7])):
        return False
    first = weighed(value[:10], (1, 2, 3, 4, 5, 6, 7, 8, 9, 1)) % 11
    second = weighed(value[:10], (3, 4, 5, 6, 7, 8, 9, 1, 2, 3)) % 11 % 10
    return (first if first < 10 else second) == int(value[10])


PART = identity(
    "ee-isikukood",
    r"[1-6][0-9]{10}",
    _check,
    hits=("isikukood «37605030299»", "asmens kodas: «33309240064»"),
    misses=("isikukood 37605030298", "x37605030299"),
    words=("isikukood", "asmens kodas", "personal code", "id code"),
)
