"""Brazil's CNPJ: twelve digits and two check digits."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    weights = (6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    first = weighed(value[:12], weights[1:]) % 11
    second = weighed(value[:13], weights) % 11
    return value[12:] == "".join("0" if rest < 2 else str(11 - rest) for rest in (first, second))


PART = identity(
    "br-cnpj",
    rf"[0-9]{{2}}\.?[0-9]{{3}}\.?[0-9]{{3}}/?[0-9]{{4}}{DASH}?[0-9]{{2}}",
    _check,
    hits=("«15.507.221/0001-28», CNPJ «11.222.333/0001-81»", "cnpj=«11222333000181»"),
    misses=("CNPJ 11.222.333/0001-82", "order 11222333000181"),
    words=("cnpj",),
    lone="medium",
    form=rb".*/.*",
    person=False,
)
