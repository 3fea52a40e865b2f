"""Hungary's social security number: nine digits, the last a check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    return weighed(value, (3, 7, 3, 7, 3, 7, 3, 7)) % 10 == int(value[8])


PART = identity(
    "hu-taj",
    rf"[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}",
    _check,
    hits=("TAJ «111 111 110»", "TAJ-szám: «111111110»"),
    misses=("TAJ 111 111 111", "order 111111110"),
    words=("taj", "társadalombiztosítási"),
)
