"""Bank account numbers whose groups stand on lines of their own, or have underscores between them."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.detectors._iban import is_iban
from interlock.masking.detectors._split import CHARS, SPLITS, joined, stands_alone

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if not stands_alone(text, start, end):
        return []
    compact = joined(text, start, end)
    whole = any(stop == len(compact) for _, stop, _ in is_iban(compact, 0, len(compact)))
    return [(start, end, "high")] if whole else []


PART = Detector(
    name="iban-split",
    kind="iban",
    pattern="|".join(
        f"[A-Z]{{2}}[0-9]{{2}}(?:{split}[0-9A-Z]{{4}}){{2,7}}(?:{split}[0-9A-Z]{{1,3}})?" for split in SPLITS
    ),
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    chars=CHARS,
    length=4 + 8 * 6 + 12,
    judge=_judge,
    hits=(
        "IBAN:\n«DE89\n3704\n0044\n0532\n0130\n00»\nBIC: x",
        "«DE89_3704_0044_0532_0130_00».xml and «GB29_NWBK_6016_1331_9268_19»",
        '{"iban": "«DE89\\n3704\\n0044\\n0532\\n0130\\n00»"}',
    ),
    misses=(
        "DE89\n3704\n0044\n0532\n0130\n01",
        "AB12_DE89_3704_0044",
        "NL91\nABNA\n0417\n1643\n01\n",
        "SE12\nAB34\nCD56\nEF78",
    ),
)
