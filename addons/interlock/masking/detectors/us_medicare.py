"""US Medicare beneficiary identifiers."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH

__all__ = ["PART"]


def _check(value: str) -> bool:
    return len(value) == 11


PART = identity(
    "us-medicare",
    rf"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]{DASH}?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]{DASH}?[AC-HJKMNP-RT-Y]{{2}}[0-9]{{2}}",
    _check,
    hits=("MBI «1EG4-TE5-MK73»", "medicare id: «1EG4TE5MK73»"),
    misses=("1EG4-TE5-MK7", "0EG4-TE5-MK73"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="123456789",
    person=False,
)
