"""US national provider identifiers: ten digits, Luhn behind 80840."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_luhn

__all__ = ["PART"]


def _check(value: str) -> bool:
    return is_luhn("80840" + value)


PART = identity(
    "us-npi",
    r"[12][0-9]{9}",
    _check,
    hits=("NPI «1234567893»", "provider identifier: «1245319599»"),
    misses=("NPI 1234567894", "epoch 1234567893"),
    words=("npi", "provider identifier", "provider id"),
    begins="12",
    person=False,
)
