"""Belgium's national register number: birthday, serial, modulo 97."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, LONG, is_day

__all__ = ["PART"]


def _check(value: str) -> bool:
    if (not is_day(int(value[:2]), int(value[2:4]) % 20, int(value[4:6])) and value[2:4] != "00") or value[2:4] > "52":
        return False
    number, check = int(value[:9]), int(value[9:])
    return check in (97 - number % 97, 97 - (number + 2_000_000_000) % 97)


PART = identity(
    "be-national-number",
    rf"[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{2}}",
    _check,
    hits=("rijksregister «85.07.30-033.28»", "NISS «85073003328»"),
    misses=("85.07.30-033.29", "order 12345678901", "44890891405 85073003328"),
    words=(
        "rijksregister",
        "national register",
        "national registration",
        "registre national",
        "nationaal nummer",
        "niss",
        "insz",
        "national number",
        "numéro national",
        "numero national",
        "n° national",
        "nationalregister",
    ),
    lone="medium",
    form=rb".*[^0-9].*",
    needs=LONG,
)
