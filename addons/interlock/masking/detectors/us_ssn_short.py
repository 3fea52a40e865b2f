"""US social security numbers without gaps behind the letters SS: `SS# 123456789`."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, after_word
from interlock.masking.numbers import alone

__all__ = ["PART"]

_LABEL = 24


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    label = text.rfind(b"SS", max(0, start - _LABEL), start)
    area, group, serial = text[start : start + 3], text[start + 3 : start + 5], text[start + 5 : end]
    if area in (b"000", b"666") or area[:1] == b"9" or group == b"00" or serial == b"0000" or after_word(text, label):
        return []
    return [(start, end, "high")] if alone(text, start, end) else []


PART = Detector(
    name="us-ssn-short",
    kind="us-ssn",
    pattern=r"SS ?(?:#|[Nn]o\.?|[Nn]umber)[^0-9A-Za-z\n\r\x{0}]{0,6}([0-9]{9})",
    prefixes=("SS#", "SS #", "SS no", "SS No", "SS number", "SS Number"),
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 #.:=\"'-()`*|<>/\\",
    wide=True,
    length=60,
    retry=True,
    judge=_judge,
    hits=("SS#: «123456789»", "his SS No. («123456789»)"),
    misses=("CLASS#: 123456789", "SS# 000123456", "SS#: 1234567890"),
)
