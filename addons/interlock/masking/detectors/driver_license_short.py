"""Numbers of US driving licences behind the letters DL."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, after_word, is_word

__all__ = ["PART"]

_LABEL = 2


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    label = text.rfind(b"DL", max(0, start - 12), start)
    return [(start, end, "medium")] if not after_word(text, label) and not is_word(text, end) else []


PART = Detector(
    name="driver-license-short",
    kind="driver-license",
    pattern=r"DL(?:N|(?: ?[Nn](?:o|umber|r)\.?))?(?: ?#|:|=| is)? ?"
    r"([A-Z]{1,2}[0-9]{6,13}|[A-Z][0-9]{3}-[0-9]{4}-[0-9]{4})",
    prefixes=("DL",),
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 :#=.-Nnoumberis",
    length=40,
    confidence="medium",
    retry=True,
    judge=_judge,
    hits=("DL: «S1081455»", "his DL# «D1234567», DL no. «F123-4567-8901»"),
    misses=("HDL: S1081455", "DL: https://example.com/A1234567", "DL 12 and DL X"),
)
