"""India's permanent account number (tax)."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity

__all__ = ["PART"]


def _check(value: str) -> bool:
    return len(value) == 10


PART = identity(
    "in-pan",
    r"[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]",
    _check,
    hits=("«ABCPE1234F», PAN «ABCPE1234F»", "pan: «AAAPL1234C»"),
    misses=("PAN ABCDE1234F", "xABCPE1234F", "ABCTE1234F"),
    lone="medium",
    form=rb".{3}P.*",
    words=("pan", "permanent account", "income tax"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
)
