"""The United Kingdom's National Insurance number."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP

__all__ = ["PART"]


def _check(value: str) -> bool:
    return value[:2] not in ("BG", "GB", "NK", "KN", "NT", "TN", "ZZ")


PART = identity(
    "gb-nino",
    rf"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[A-D]",
    _check,
    hits=("NI number «AB 12 34 56 C»", "NINO: «AB123456C»"),
    misses=("AB123456E", "QQ123456C", "BG123456C"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
