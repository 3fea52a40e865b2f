"""Spain's DNI and NIE: eight digits, or X, Y, Z and seven, and the letter modulo 23."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP

__all__ = ["PART"]


def _check(value: str) -> bool:
    number = value[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return number.isdigit() and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number) % 23] == value[-1]


PART = identity(
    "es-dni",
    rf"(?:[0-9]{{8}}|[0-9]{{2}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}|[XYZ]{GAP}?[0-9]{{7}}){GAP}?[A-Za-z]",
    _check,
    hits=("DNI «12345678Z»", "NIE: «X1234567L», «12.345.678-Z»"),
    misses=("12345678A", "X1234567M", "12345678"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    begins="0123456789XYZ",
)
