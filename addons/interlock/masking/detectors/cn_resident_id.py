"""China's resident identity number: place, birthday, serial, check character."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    if not is_day(int(value[6:10]), int(value[10:12]), int(value[12:14])):
        return False
    total = weighed(value[:17], (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
    return "10X98765432"[total % 11] == value[17]


PART = identity(
    "cn-resident-id",
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx]",
    _check,
    hits=("身份证 «11010519491231002X»", "id «11010519491231002x»;"),
    misses=("110105194912310021", "11010519491331002X"),
    more="Xx",
)
