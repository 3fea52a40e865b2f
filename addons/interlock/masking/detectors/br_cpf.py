"""Brazil's CPF: nine digits and two check digits."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import DASH, weighed

__all__ = ["PART"]


def _check(value: str) -> bool:
    first = weighed(value[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = weighed(value[:10], range(11, 1, -1)) * 10 % 11 % 10
    return len(set(value)) > 1 and value[9:] == f"{first}{second}"


PART = identity(
    "br-cpf",
    rf"[0-9]{{3}}\.?[0-9]{{3}}\.?[0-9]{{3}}{DASH}?[0-9]{{2}}",
    _check,
    hits=("CPF «529.982.247-25»", "cpf: «52998224725», «111.444.777-35»"),
    misses=("CPF 529.982.247-26", "CPF 111.111.111-11"),
    words=("cpf", "cadastro"),
    lone="medium",
    form=rb".*[^0-9].*",
)
