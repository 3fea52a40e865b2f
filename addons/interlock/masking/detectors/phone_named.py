"""Phone numbers in any notation, by the words right before them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector
from interlock.masking.numbers import GAP, alone
from interlock.masking.screen import word_pattern

__all__ = ["PART"]

_WORDS = (
    "phone", "telephone", "mobile", "cell", "tel", "fax", "telefon", "handy", "mobil", "rufnummer", "téléphone",
    "telefono", "teléfono", "móvil", "portable", "telefoon", "whatsapp", "msisdn", "sms", "call me",
)  # fmt: skip
_FILLERS = r"(?:[ _.\-]?(?:no|nr|num|number|nummer|is|at|on))?[^0-9A-Za-z\n\0]{0,8}\Z"
_BEFORE = re.compile(f"(?:{'|'.join(map(word_pattern, _WORDS))}){_FILLERS}".encode(), re.IGNORECASE)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if text[start - 1 : start] == b"+":
        start -= 1
    if text[start : start + 1] == b"(" and b")" not in text[start:end]:
        start += 1
    if not alone(text, start, end) or not _BEFORE.search(text, max(0, start - CONTEXT), start):
        return []
    return [(start, end, "high")]


PART = Detector(
    name="phone-named",
    pattern=rf"\(?[0-9](?:(?:{GAP}|[()/]){{0,2}}[0-9]){{6,14}}",
    begins="0123456789(",
    chars="0123456789 .()/-",
    wide=True,
    length=15 * 7 + 4,
    words=_WORDS,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "phone: «2125550147»",
        '"mobile": "«612 345 678»"',
        "Tel.: «(030)901820», fax 030, my phone («01 23 45 67 28»)",
    ),
    misses=("order 2125550147", "phone orders since 1763801400", "the cell 12", "phone: 1763801400123456789"),
)
