"""Payment cards whose groups stand on lines of their own, as a form or a scan gives them, or between underscores."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.detectors._split import CHARS, SPLITS, joined, stands_alone
from interlock.masking.detectors.credit_card import is_card

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    found = is_card(joined(text, start, end)) and stands_alone(text, start, end)
    return [(start, end, "high")] if found else []


PART = Detector(
    name="credit-card-split",
    kind="credit-card",
    pattern="|".join(
        f"[0-9]{{4}}(?:{split}[0-9]{{4}}){{3}}|[0-9]{{4}}{split}[0-9]{{6}}{split}[0-9]{{5}}" for split in SPLITS
    ),
    begins="0123456789",
    chars=CHARS,
    length=4 * 4 + 3 * 2 + 12,
    retry=True,
    judge=_judge,
    hits=(
        "card\n«4111\n1111\n1111\n1111»\nthanks",
        "file «4111_1111_1111_1111».pdf, «3782_822463_10005»",
        "a «5555\r\n5555\r\n5555\r\n4444»",
        '{"note": "«4111\\n1111\\n1111\\n1111»"}',
    ),
    misses=(
        "4111\n1111\n1111\n1112",
        "4100\n4111\n1111\n1111\n1111\n",
        "4111\n1111\n1111\n1111\n4200\n",
        "x_4111_1111_1111_1111 and 4111_1111_1111_1111_0",
        "2024\n2025\n2026\n2027",
    ),
)
