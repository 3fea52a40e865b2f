"""Sweden's personal number: birthday, serial, Luhn."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, is_day, is_luhn

__all__ = ["PART"]


def _check(value: str) -> bool:
    short = value[-10:]
    return is_day(int(short[:2]), int(short[2:4]), int(short[4:6]) % 60) and is_luhn(short)


PART = identity(
    "se-personnummer",
    rf"(?:19|20)?[0-9]{{6}}(?:{DASH}|\+)?[0-9]{{4}}",
    _check,
    hits=("personnummer «811218-9876»", "«19811218-9876» pnr: «8112189876»"),
    misses=("811218-9875", "811318-9876"),
    words=(
        "personnummer",
        "pnr",
        "personal number",
        "samordningsnummer",
        "personal identity",
        "personnr",
        "person nr",
        "swedish id",
    ),
    lone="medium",
    form=rb".*[^0-9].*",
    more="+",
)
