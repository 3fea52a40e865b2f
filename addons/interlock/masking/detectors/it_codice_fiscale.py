"""Italy's codice fiscale: names, birthday, place, check letter."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity

__all__ = ["PART"]


def _check(value: str) -> bool:
    odd = "BAKPLCQDREVOSFTGUHMINJWZYX"
    total = 0
    for index, letter in enumerate(value[:15]):
        place = int(letter) if letter.isdigit() else ord(letter) - 65
        total += place if index % 2 else odd.index(chr(65 + place))
    return chr(65 + total % 26) == value[15]


PART = identity(
    "it-codice-fiscale",
    r"[A-Za-z]{6}[0-9L-Vl-v]{2}[ABCDEHLMPRSTabcdehlmprst][0-9L-Vl-v]{2}[A-Za-z][0-9L-Vl-v]{3}[A-Za-z]",
    _check,
    hits=("CF «RSSMRA85T10A562S»", "codice fiscale: «rssmra85t10a562s»."),
    misses=("RSSMRA85T10A562T", "ABCDEF12G34H567I"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
)
