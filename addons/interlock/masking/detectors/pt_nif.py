"""Portugal's tax number: nine digits, modulo 11."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    rest = weighed(value, (9, 8, 7, 6, 5, 4, 3, 2)) % 11
    return value[0] in "1235689" and (0 if rest < 2 else 11 - rest) == int(value[8])


PART = identity(
    "pt-nif",
    rf"[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}",
    _check,
    hits=("NIF «123456789»", "contribuinte: «501 964 843»"),
    misses=("NIF 123456788", "order 123456789"),
    words=("nif", "contribuinte", "número fiscal", "nipc", "identificação fiscal", "portuguese tax"),
)
