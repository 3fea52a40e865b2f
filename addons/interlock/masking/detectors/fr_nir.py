"""France's social security number: sex, year, month, department, commune, serial, key (97)."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import GAP

__all__ = ["PART"]


def _check(value: str) -> bool:
    month = int(value[3:5])
    number = value[:13].replace("2A", "19").replace("2B", "18") if value[5:7] in ("2A", "2B") else value[:13]
    if not number.isdigit() or not (1 <= month <= 12 or 20 <= month <= 42 or month >= 50):
        return False
    return 97 - int(number) % 97 == int(value[13:])


PART = identity(
    "fr-nir",
    rf"[12]{GAP}?[0-9]{{2}}{GAP}?[0-9]{{2}}{GAP}?[0-9][0-9AB]{GAP}?[0-9]{{3}}{GAP}?[0-9]{{3}}{GAP}?[0-9]{{2}}",
    _check,
    hits=("NIR «255081416802538»", "sécu : «2 55 08 14 168 025 38»"),
    misses=("255081416802539", "1763801400123"),
    more="AB",
    begins="12",
    needs=r'[0-9](?:[^0-9A-Za-z"]?[0-9AB]){14}',
)
