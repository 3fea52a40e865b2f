"""Romania's personal numerical code: century and sex, birthday, county, serial, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    if not is_day(int(value[1:3]), int(value[3:5]), int(value[5:7])):
        return False
    rest = weighed(value[:12], (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    return (1 if rest == 10 else rest) == int(value[12])


PART = identity(
    "ro-cnp",
    r"[1-9][0-9]{12}",
    _check,
    hits=("CNP «1630615123457»", "cnp: «1630615123457»;"),
    misses=("CNP 1630615123458", "epoch 1630615123457"),
    words=("cnp", "cod numeric personal"),
)
