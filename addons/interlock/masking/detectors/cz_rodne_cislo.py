"""The Czech and Slovak birth number: birthday, serial, divisible by 11."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_day(int(value[:2]), int(value[2:4]) % 50 % 20, int(value[4:6])) and int(value) % 11 == 0


PART = identity(
    "cz-rodne-cislo",
    r"[0-9]{6}/?[0-9]{4}",
    _check,
    hits=("r.č. «7103192745», narozen «710319/2745»", "rodné číslo «710319/2745»", "RČ: «736028/5163»"),
    misses=("710319/2746", "x7103192745", "order 7103192745"),
    lone="medium",
    form=rb"[0-9]{6}/[0-9]{4}",
    words=("r č", "birth number", "rodné číslo", "rodne cislo", "rodné", "rč", "rodneho cisla"),
)
