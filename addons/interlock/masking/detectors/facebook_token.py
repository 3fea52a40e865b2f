"""Access tokens of Facebook's and Instagram's Graph API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from interlock.masking.detector import fullest
from interlock.masking.detectors._keys import key

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    # Zero bytes are rows of A in base64, of which pictures and fonts are full.
    return [] if text.find(b"AAAAAAAA", start, end) >= 0 else fullest(text, start, end)


PART = replace(
    key(
        "facebook-token",
        r"EAA[A-Za-z0-9]{80,}|IGQV[A-Za-z0-9_\-]{80,}",
        prefixes=("EAA", "IGQV"),
        length=0,
        hits=("«EAAB" + "aB3d" * 25 + "»", "token=«IGQV" + "aB3d" * 25 + "»&x"),
        misses=("EAAB short", "xEAAB" + "aB3d" * 25, "base64,B/EAA" + "A" * 90 + "/x"),
    ),
    judge=_judge,
)
