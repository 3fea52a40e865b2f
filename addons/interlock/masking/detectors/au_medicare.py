"""Australia's Medicare card number: eight digits, a check digit, an issue number, perhaps a reference."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    return len(value) in (10, 11) and weighed(value, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(value[8])


PART = identity(
    "au-medicare",
    rf"[2-6][0-9]{{3}}{GAP}?[0-9]{{5}}{GAP}?[0-9](?:{GAP}|/)?[0-9]?",
    _check,
    hits=("Medicare «2123 45670 1»", "medicare card: «2123456701»"),
    misses=("Medicare 2123 45671 1", "order 2123456701"),
    words=("medicare",),
    begins="23456",
    person=False,
)
