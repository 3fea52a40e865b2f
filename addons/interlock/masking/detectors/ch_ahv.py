"""Switzerland's AHV number: 756, then nine digits and EAN-13's check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    return weighed(value, (1, 3) * 6 + (1,)) % 10 == 0


PART = identity(
    "ch-ahv",
    rf"756{GAP}?[0-9]{{4}}{GAP}?[0-9]{{4}}{GAP}?[0-9]{{2}}",
    _check,
    hits=("AHV «756.9217.0769.85»", "«7569217076985», «756 9217 0769 85»"),
    misses=("756.9217.0769.84", "EAN 7561234567890"),
    begins="7",
)
