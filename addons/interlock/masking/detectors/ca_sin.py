"""Canada's social insurance number: nine digits, Luhn."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, is_luhn

__all__ = ["PART"]


def _check(value: str) -> bool:
    return int(value) > 0 and is_luhn(value)


PART = identity(
    "ca-sin",
    rf"[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}",
    _check,
    hits=("SIN «130 692 544»", "social insurance number: «130692544»"),
    misses=("SIN 130 692 545", "x130692544"),
    words=("sin", "social insurance", "nas", "assurance sociale"),
)
