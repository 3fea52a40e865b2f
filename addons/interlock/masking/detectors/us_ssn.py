"""US social security numbers: the ranges that are issued."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    area, group, serial = text[start : start + 3], text[start + 4 : start + 6], text[start + 7 : end]
    if area in (b"000", b"666") or area[:1] == b"9" or group == b"00" or serial == b"0000":
        return []
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    if not separate(text, start, end) or before in (b"-", b".", b"+") or (after[:1] == b"-" and after[1:].isdigit()):
        return []
    if text[start + 3] != text[start + 6]:
        return []
    return [(start, end, "high" if text[start + 3] == 45 else "medium")]


PART = Detector(
    name="us-ssn",
    pattern=r"[0-9]{3}[ \-][0-9]{2}[ \-][0-9]{4}",
    begins="0123456789",
    chars="0123456789 -",
    length=11 + 3,
    retry=True,
    judge=_judge,
    hits=("SSN «123-45-6789».", "a\\n«123-45-6789»\\n", "«078-05-1120», «123 45 6789»", "12 «123-45-6789»"),
    misses=(
        "000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000",
        "1123-45-6789",
        "123-45-67890",
        "123-45-6789-1",
        "2026-11-22",
        "123 45-6789",
    ),
)
