"""US social security numbers in any notation, by the words right before them or above their column."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, is_word
from interlock.masking.nearby import before
from interlock.masking.numbers import GAP, alone, compact

__all__ = ["PART"]

_WORDS = (
    "ssn",
    "social security",
    "soc sec",
    "social sec",
    "social is",
    "social number",
    "my social",
    "taxpayer id",
    "tax id",
)
_ASKS = before(*_WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if is_word(text, end) or not alone(text, start, end):
        return []
    number = compact(text[start:end])
    area, group, serial = number[:3], number[3:5], number[5:]
    if area in ("000", "666") or area[0] == "9" or group == "00" or serial == "0000" or not _ASKS(text, start):
        return []
    return [(start, end, "high")]


PART = Detector(
    name="us-ssn-bare",
    kind="us-ssn",
    pattern=rf"[0-9]{{3}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{4}}",
    begins="0123456789",
    chars="0123456789 -.",
    wide=True,
    length=15 + 3,
    retry=True,
    whole=True,
    words=_WORDS,
    judge=_judge,
    hits=("ssn=«123456789», my social is «771670739»", '{"socialSecurityNumber": "«123 45-6789»"}'),
    misses=("order 123456789", "ssn 000123456", "His SSN is 078, the order is 078051120"),
)
