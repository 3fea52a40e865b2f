"""Phone numbers in any notation, by the words right before them."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import CONTEXT, Detector
from interlock.masking.detectors._phones import SAID, WORDS
from interlock.masking.nearby import heading
from interlock.masking.numbers import GAP, alone

__all__ = ["PART"]


_HEADS = heading(*WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if text[start - 1 : start] == b"+":
        start -= 1
    if text[start : start + 1] == b"(" and b")" not in text[start:end]:
        start += 1
    if not alone(text, start, end):
        return []
    if not SAID.search(text, max(0, start - CONTEXT), start) and not _HEADS(text, start):
        return []
    return [(start, end, "high")]


PART = Detector(
    name="phone-named",
    kind="phone",
    pattern=rf"\(?[0-9](?:(?:{GAP}|[()/]){{0,2}}[0-9]){{6,14}}(?:x[0-9]{{1,6}})?",
    begins="0123456789(",
    chars="0123456789 .()/-x",
    wide=True,
    length=15 * 7 + 7 + 4,
    words=WORDS,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "phone: «2125550147»",
        '"mobile": "«612 345 678»"',
        "Tel.: «(030)901820», fax 030, my phone («01 23 45 67 28»)",
        "cellulare: «347 1234567», tlf. «22 12 34 56», numer telefonu «601 123 456», 電話: «03-1234-5678»",
        "Tél : «0612345678», HP: «9123 4567», Mob: «9876543210»",
        "手机号码：«13800138000», 연락처 «01012345678», هاتف: «0501234567»",
        "call me at «1-198-483-4053x27229»",
        "phone,city\n«2125550199»,NYC\n",
        "reach me on «019 482 121», Tel «(02) 9374 4000»",
    ),
    misses=(
        "order 2125550147",
        "phone orders since 1763801400",
        "the cell 12",
        "phone,order\n1,2125550199",
        "phone: 1763801400123456789",
    ),
)
