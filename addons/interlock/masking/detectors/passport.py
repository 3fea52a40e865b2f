"""Passport numbers, by the words before them."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.nearby import near
from interlock.masking.numbers import alone

__all__ = ["PART"]

_WORDS = (
    "passport", "reisepass", "passnummer", "passeport", "pasaporte", "passaporto", "paspoort", "paszport", "passaporte",
    "travel document", "pass nr", "pass no", "passnr", "pass number", "пасс", "паспорт", "護照", "护照", "여권",
    "旅券", "パスポート", "جواز", "pasaport", "passi nr",
    "pas nr", "cestovní pas", "útlevél", "pașaport", "διαβατήριο",
)  # fmt: skip
_ASKS = near(*_WORDS)
_VOWELS = frozenset(b"AEIOUY")
_FEW, _MORE, _ALL = 2, 3, 9


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    # Serial numbers leave out the vowels, so that they make no words.
    least = _FEW if _VOWELS.isdisjoint(value) else _MORE
    if sum(48 <= byte <= 57 for byte in value) < least or (value.isdigit() and len(value) != _ALL):
        return []
    return [(start, end, "high")] if alone(text, start, end) and _ASKS(text, start) else []


PART = Detector(
    name="passport",
    pattern=r"[A-Z]{1,2}[0-9]{6,8}|[0-9]{9}|[A-Z]{3}[0-9]{6}|[A-Z0-9]{8,9}"
    r"|[0-9]{2} (?:[0-9]{2} )?[0-9]{6,7}|[0-9]{4} [0-9]{6}|[A-Z]{2} [0-9]{7}|[A-Z] [0-9]{7,8}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ",
    length=14,
    words=_WORDS,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "passport no. «C01234567»",
        '"passport_number": "«123456789»"',
        "Passport No. «C01X0006H», paspoort «NP2B4C6D8», Pass-Nr.: «C01X00T47»",
        "Паспорт: «75 1234567», паспорт серия «4510 123456», «45 10 123456», paszport «ZS 1234567»",
        "Reisepass: «C01X00T47», passeport «12AB34567»",
    ),
    misses=(
        "order C01234567",
        "passport control, gate B12",
        "PASSPORT OFFICE ISSUED20, 20260312",
        "my passport expired on 2020-01-01",
    ),
)
