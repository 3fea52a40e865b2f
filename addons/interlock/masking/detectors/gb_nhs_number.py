"""The United Kingdom's NHS number: ten digits, modulo 11."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    return (11 - weighed(value, (10, 9, 8, 7, 6, 5, 4, 3, 2)) % 11) % 11 == int(value[9])


PART = identity(
    "gb-nhs-number",
    rf"[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{4}}",
    _check,
    hits=("NHS number «943 476 5919»", "nhs_no: «9434765919»"),
    misses=("NHS 943 476 5918", "x9434765919"),
    words=("nhs", "chi number", "health service number"),
    person=False,
)
