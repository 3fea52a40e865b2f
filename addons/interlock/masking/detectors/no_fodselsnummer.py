"""Norway's birth number: birthday, serial, two check digits."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, is_day, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    day, month = int(value[:2]), int(value[2:4])
    if not is_day(int(value[4:6]), month % 40, day % 40):
        return False
    first = weighed(value[:10], (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    return first == 0 and weighed(value, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0


PART = identity(
    "no-fodselsnummer",
    rf"[0-9]{{6}}{GAP}?[0-9]{{5}}",
    _check,
    hits=("fødselsnummer «15108695088»", "personnummer: «151086 95088»"),
    misses=("15108695089", "12345678901"),
    words=("fødselsnummer", "fodselsnummer", "personnummer", "fnr", "d-nummer"),
    lone="medium",
)
