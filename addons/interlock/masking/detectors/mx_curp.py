"""Mexico's CURP: names, birthday, sex, state, consonants, check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day

__all__ = ["PART"]


def _check(value: str) -> bool:
    places = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ"
    total = sum((18 - index) * places.index(letter) for index, letter in enumerate(value[:17]))
    return is_day(int(value[4:6]), int(value[6:8]), int(value[8:10])) and -total % 10 == int(value[17])


PART = identity(
    "mx-curp",
    r"[A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[0-9A-Z][0-9]",
    _check,
    hits=("CURP «BOXW310820HNERXN09»", "curp: «BOXW310820HNERXN09»."),
    misses=("BOXW310820HNERXN08", "BOXW311320HNERXN09"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
