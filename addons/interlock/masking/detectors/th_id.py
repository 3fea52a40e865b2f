"""Thailand's identity number: thirteen digits in five groups, modulo 11."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    return (11 - weighed(value, range(13, 1, -1)) % 11) % 10 == int(value[12])


PART = identity(
    "th-id",
    rf"[1-8]{DASH}?[0-9]{{4}}{DASH}?[0-9]{{5}}{DASH}?[0-9]{{2}}{DASH}?[0-9]",
    _check,
    hits=("«1-2345-45678-78-1»", "เลขประจำตัวประชาชน «1-2345-45678-78-1»", "Thai ID: «1234545678781»"),
    misses=("Thai ID 1-2345-45678-78-2", "epoch 1234545678781"),
    lone="medium",
    form=rb"[0-9](?:[^0-9]+[0-9]+){4}",
    words=("thai id", "เลขประจำตัวประชาชน", "ประชาชน", "national id"),
)
