"""Passport numbers, by the words before them."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.nearby import near
from interlock.masking.numbers import alone

__all__ = ["PART"]

_WORDS = (
    "passport", "reisepass", "passnummer", "passeport", "pasaporte", "passaporto", "paspoort", "paszport", "passaporte",
    "travel document", "пасс", "паспорт", "護照", "护照",
)  # fmt: skip
_ASKS = near(*_WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    return [(start, end, "high")] if alone(text, start, end) and _ASKS(text, start) else []


PART = Detector(
    name="passport",
    pattern=r"[A-Z]{1,2}[0-9]{6,8}|[0-9]{9}|[0-9]{2}[A-Z]{2}[0-9]{5}|[CFGHJK][0-9CFGHJKLMNPRTVWXYZ]{7}[0-9]|[A-Z]{3}[0-9]{6}|[A-Z][0-9]{6}[A-Z][0-9]",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    length=12,
    words=_WORDS,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "passport no. «C01234567»",
        '"passport_number": "«123456789»"',
        "Reisepass: «C01X00T47», passeport «12AB34567»",
    ),
    misses=("order C01234567", "passport control, gate B12", "my passport expired on 2020-01-01"),
)
