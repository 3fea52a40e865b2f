"""Turkey's identification number: eleven digits, two of them checks."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity

__all__ = ["PART"]


def _check(value: str) -> bool:
    odd, even = sum(map(int, value[0:9:2])), sum(map(int, value[1:8:2]))
    return (odd * 7 - even) % 10 == int(value[9]) and sum(map(int, value[:10])) % 10 == int(value[10])


PART = identity(
    "tr-kimlik",
    r"[1-9][0-9]{10}",
    _check,
    hits=("Turkish ID «10000000146»", "TC kimlik no «10000000146»", "T.C. Kimlik: «17291716060»"),
    misses=("TC kimlik 10000000145", "order 10000000146"),
    words=("kimlik", "tckn", "tc no", "türkiye", "turkish id", "t.c. no", "t.c", "vatandaşlık no"),
)
