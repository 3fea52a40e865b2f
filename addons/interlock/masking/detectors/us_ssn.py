"""US social security numbers: the ranges that are issued."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.numbers import GAP, alone, compact

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    number = compact(value)
    area, group, serial = number[:3], number[3:5], number[5:]
    if area in ("000", "666") or area[0] == "9" or group == "00" or serial == "0000" or not alone(text, start, end):
        return []
    # Both gaps must be alike: hyphens are its own form, blanks are anybody's.
    gaps = _gaps(value)
    if gaps[0] != gaps[1]:
        return []
    return [(start, end, "medium" if gaps[0] in (b" ", b".") else "high")]


def _gaps(value: bytes) -> list[bytes]:
    """What stands between the three groups."""
    digits = [index for index, byte in enumerate(value) if 48 <= byte <= 57]
    return [value[digits[2] + 1 : digits[3]], value[digits[4] + 1 : digits[5]]]


PART = Detector(
    name="us-ssn",
    pattern=rf"[0-9]{{3}}{GAP}[0-9]{{2}}{GAP}[0-9]{{4}}",
    begins="0123456789",
    chars="0123456789 -.",
    wide=True,
    length=15 + 3,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "SSN «123-45-6789».",
        "a\\n«123-45-6789»\\n",
        "«078-05-1120», «123 45 6789»",
        "12 «123-45-6789»",
        "«123\u201145\u20116789» «123\u00a045\u00a06789»",
    ),
    misses=(
        "000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000",
        "1123-45-6789",
        "123-45-67890",
        "123-45-6789-1",
        "2026-11-22",
        "123 45-6789",
        "order 123456789",
    ),
)
