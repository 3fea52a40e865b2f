"""Israel's identity number: nine digits, Luhn."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, is_luhn

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_luhn(value) and int(value) > 0


PART = identity(
    "il-id",
    rf"[0-9]{{8}}{DASH}?[0-9]",
    _check,
    hits=("teudat zehut «039337423»", "ת.ז. «03933742-3»"),
    misses=("teudat zehut 039337424", "order 039337423"),
    words=("teudat zehut", "zehut", "ת.ז", "תעודת זהות", "israeli id", "מספר זהות", "תז"),
)
