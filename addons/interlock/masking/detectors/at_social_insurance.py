"""Austria's social insurance number: serial, check digit, birthday."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, is_day, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    check = weighed(value, (3, 7, 9, 0, 5, 8, 4, 2, 1, 6)) % 11
    month = int(value[6:8])
    return value[0] != "0" and check == int(value[3]) and is_day(int(value[8:]), min(month, 12), int(value[4:6]))


PART = identity(
    "at-social-insurance",
    rf"[0-9]{{4}}{GAP}?[0-9]{{6}}",
    _check,
    hits=("SVNR «1237 010180»", "Sozialversicherungsnummer «1237010180»"),
    misses=("SVNR 2237 010180", "Bestellung 1237010180"),
    words=(
        "svnr",
        "sv nr",
        "sv nummer",
        "sozialversicherung",
        "versicherungsnummer",
        "ssn",
        "social insurance",
        "austrian",
    ),
)
