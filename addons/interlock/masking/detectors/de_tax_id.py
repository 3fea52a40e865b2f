"""Germany's tax identification number: eleven digits, one of the first ten repeated, MOD 11,10."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, LONG, is_mod11_10

__all__ = ["PART"]


def _check(value: str) -> bool:
    if len(value) != 11 or value[0] == "0":
        return False
    most = sorted((value[:10].count(digit) for digit in set(value[:10])), reverse=True)
    return most[0] in (2, 3) and most[1:2] == [1] and is_mod11_10(value)


PART = identity(
    "de-tax-id",
    rf"[0-9]{{2}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}",
    _check,
    hits=("Steuer-ID «86095742719»", "IdNr: «36 574 261 809»", "steuer_id=«86095742719»"),
    misses=("Steuer-ID 86095742718", "Rechnung 11111111111"),
    words=(
        "steuer id",
        "steuer identifikationsnummer",
        "steueridentifikationsnummer",
        "steuernummer",
        "idnr",
        "tax id",
        "tin",
    ),
    lone="medium",
    needs=LONG,
)
