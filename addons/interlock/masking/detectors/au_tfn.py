"""Australia's tax file number: nine digits, modulo 11."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    return weighed(value, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


PART = identity(
    "au-tfn",
    rf"[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}",
    _check,
    hits=("TFN «123 456 782»", "tax file number: «123456782»"),
    misses=("TFN 123 456 783", "order 123456782"),
    words=("tfn", "tax file"),
)
