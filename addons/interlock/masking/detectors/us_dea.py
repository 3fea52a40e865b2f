"""US DEA registration numbers of prescribers: two letters, six digits, a check digit."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity

__all__ = ["PART"]


def _check(value: str) -> bool:
    total = sum(map(int, value[2:7:2])) + 2 * sum(map(int, value[3:8:2]))
    return total % 10 == int(value[8])


PART = identity(
    "us-dea",
    r"[ABCDEFGHJKLMPRSTUX][A-Z9][0-9]{7}",
    _check,
    hits=("DEA «BB1388568»", "dea number: «AB1234563»"),
    misses=("DEA BB1388569", "part BB1388568"),
    words=("dea",),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    begins="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    person=False,
)
