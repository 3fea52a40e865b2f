"""Japan's individual number: eleven digits and a check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    rest = weighed(value, (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return (0 if rest < 2 else 11 - rest) == int(value[11])


PART = identity(
    "jp-my-number",
    rf"[0-9]{{4}}{GAP}?[0-9]{{4}}{GAP}?[0-9]{{4}}",
    _check,
    hits=("マイナンバー «123456789018»", "My Number: «1234 5678 9018»"),
    misses=("My Number 123456789019", "order 123456789018"),
    words=("マイナンバー", "my number", "個人番号", "mynumber"),
)
