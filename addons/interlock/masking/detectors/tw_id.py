"""Taiwan's identity number: a letter, sex, serial, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    place = "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(value[0]) + 10
    total = place // 10 + place % 10 * 9 + weighed(value[1:], (8, 7, 6, 5, 4, 3, 2, 1, 1))
    return total % 10 == 0


PART = identity(
    "tw-id",
    r"[A-Z][1289][0-9]{8}",
    _check,
    hits=("身分證 «A123456789»", "Taiwan ID: «A123456789»"),
    misses=("Taiwan ID A123456788", "xA123456789"),
    words=("身分證", "taiwan id", "national id", "統一編號"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
