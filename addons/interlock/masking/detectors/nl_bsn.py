"""The Netherlands' citizen service number: nine digits, elfproef."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    digits = value.zfill(9)
    return int(digits) > 0 and weighed(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


PART = identity(
    "nl-bsn",
    rf"[0-9]{{4}}{GAP}?[0-9]{{2}}{GAP}?[0-9]{{3}}|[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}|[0-9]{{8}}",
    _check,
    hits=("BSN «111222333»", "burgerservicenummer: «1234.56.782»", "bsn=«123456782»"),
    misses=("BSN 123456789", "x123456782"),
    words=("bsn", "burgerservice", "burgerservicenummer", "sofinummer", "sofi", "persoonsnummer"),
)
