"""Germany's identity cards and passports: the document's number with its check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity

__all__ = ["PART"]


def _check(value: str) -> bool:
    digits = sum(letter.isdigit() for letter in value[:9])
    if len(value) == 9 or not digits:
        return digits >= 2
    total = sum(int(letter, 36) * (7, 3, 1)[index % 3] for index, letter in enumerate(value[:9]))
    return total % 10 == int(value[9])


PART = identity(
    "de-id-card",
    r"[CFGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}(?:[0-9]D?)?",
    _check,
    hits=("Personalausweis Nr. «T220001293»", "Ausweisnummer: «L01X00T471»", "Reisepass «C01X00T47»"),
    misses=("Teil T220001293", "Personalausweis T220001294"),
    words=("personalausweis", "ausweisnummer", "ausweis nr", "id card", "identity card", "reisepass"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="CFGHJKLMNPRTVWXYZ",
)
