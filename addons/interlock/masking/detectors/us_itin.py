"""US individual taxpayer identification numbers: the ranges that are issued."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP

__all__ = ["PART"]


def _check(value: str) -> bool:
    group = int(value[3:5])
    return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99


PART = identity(
    "us-itin",
    rf"9[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{4}}",
    _check,
    hits=("ITIN «912-70-1234»", "«912-70-1234» (ITIN)", "itin: «912701234»"),
    misses=("912-69-1234 ITIN", "order 912 70 1234", "order 912701234"),
    words=("itin", "taxpayer", "tax id"),
    lone="medium",
    form=rb"[0-9]{3}-[0-9]{2}-[0-9]{4}",
    begins="9",
)
