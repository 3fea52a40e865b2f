"""Numbers of driving licences, by the words before them; the British form is known by itself."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.nearby import near
from interlock.masking.numbers import alone

__all__ = ["PART"]

_WORDS = (
    "driver license", "drivers license", "driver's license", "driving licence", "driving license", "driver licence",
    "drivers licence", "license number", "licence number", "license no", "dl number", "dl no", "führerschein",
    "fuehrerschein", "permis de conduire", "rijbewijs", "patente", "prawo jazdy", "permiso de conducir",
    "licencia de conducir", "licencia conducir", "carta de condução",
    "carteira de motorista",
    "cnh", "körkort", "førerkort", "kørekort", "ajokortti", "vezetői engedély", "řidičský průkaz", "permis auto",
    "водительское удостоверение", "sürücü belgesi", "ehliyet", "driver lic", "drivers lic", "permis conduire",
    "驾驶证", "運転免許", "운전면허",
)  # fmt: skip
_ASKS = near(*_WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    if sum(48 <= byte <= 57 for byte in value) < 4 or not alone(text, start, end):
        return []
    return [(start, end, "high")] if _ASKS(text, start) else []


PART = Detector(
    name="driver-license",
    pattern=r"[A-Z0-9]{7,18}|[A-Z][0-9]{3}-[0-9]{4}-[0-9]{4}|[A-Z][0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{3}-[0-9]"
    r"|[A-Z][0-9]{2}-[0-9]{3}-[0-9]{3}(?:-[0-9])?|[A-Z][0-9]{4}[ \-][0-9]{5}[ \-][0-9]{5}|[0-9]{5}/[0-9]{2}/[0-9]{4}"
    r"|[0-9]{3}[ \-][0-9]{3}[ \-][0-9]{3}|[0-9]{2}-[0-9]{2}-[0-9]{6}-[0-9]{2}|[0-9]{2} [0-9]{2} [0-9]{6}"
    r"|[A-Z]{1,2}-[0-9]{6,8}(?: [0-9])?|[A-Z]{5}[0-9]{6}[A-Z0-9]{2}[0-9]?[A-Z]{2}(?: ?[0-9]{2})?",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/ ",
    length=22,
    words=_WORDS,
    retry=True,
    whole=True,
    judge=_judge,
    hits=(
        "driver's license: «D1234567», driver license «D12-345-678-9»",
        '"drivers_license": "«MORGA657054SM9IJ»"',
        "prawo jazdy «00123/14/1465», driver_licence=«N1234-56789-01234», carta de condução «L-1234567 8»",
        "운전면허 «11-12-345678-90», водительское удостоверение «77 16 123456»",
        "Führerschein Nr. «B072RRE2I55»",
    ),
    misses=("order D1234567", "MIT license number of stars", "driving licence: see page 7"),
)
