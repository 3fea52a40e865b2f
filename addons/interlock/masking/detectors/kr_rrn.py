"""South Korea's resident registration number: birthday, sex and century, serial; without a check since 2020."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, is_day

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_day(int(value[:2]), int(value[2:4]), int(value[4:6]))


PART = identity(
    "kr-rrn",
    rf"[0-9]{{6}}{DASH}[1-8][0-9]{{6}}",
    _check,
    hits=("주민등록번호 «971013-1019902»", "RRN: «971013-2019901»"),
    misses=("971313-1019902", "971013-9"),
    words=("주민등록", "rrn", "resident registration"),
    lone="medium",
)
