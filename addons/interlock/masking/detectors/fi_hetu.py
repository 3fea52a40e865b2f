"""Finland's personal identity code: birthday, century sign, serial, check character."""

from __future__ import annotations

from interlock.masking.detectors._ids import identity
from interlock.masking.numbers import is_day

__all__ = ["PART"]


def _check(value: str) -> bool:
    digits = value[:6] + value[-4:-1]
    known = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]
    return is_day(int(value[4:6]), int(value[2:4]), int(value[:2])) and known == value[-1]


PART = identity(
    "fi-hetu",
    r"[0-9]{6}[+\-A-FU-Y][0-9]{3}[0-9A-Y]",
    _check,
    hits=("hetu «131052-308T»", "henkilötunnus: «131052-308T»."),
    misses=("131052-308U", "131352-308T"),
    more="ABCDEFGHIJKLMNOPQRSTUVWXYZ+",
)
