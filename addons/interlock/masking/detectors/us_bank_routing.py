"""US bank routing numbers: nine digits, modulo 10."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    return int(value) > 0 and weighed(value, (3, 7, 1) * 3) % 10 == 0


PART = identity(
    "us-bank-routing",
    r"[0-3678][0-9]{8}",
    _check,
    hits=("routing number «021000021»", "ABA: «011401533»"),
    misses=("routing 021000022", "order 021000021"),
    words=("routing", "aba", "rtn", "transit number"),
    person=False,
)
