"""Bulgaria's civil number: birthday with the century in its month, serial, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    if not is_day(int(value[:2]), int(value[2:4]) % 20, int(value[4:6])):
        return False
    return weighed(value, (2, 4, 8, 5, 10, 9, 7, 3, 6)) % 11 % 10 == int(value[9])


PART = identity(
    "bg-egn",
    r"[0-9]{10}",
    _check,
    hits=("EGN «7523169263»", "ЕГН: «8032056031»"),
    misses=("EGN 7523169264", "epoch 7523169263"),
    words=("egn", "егн", "единен граждански"),
)
