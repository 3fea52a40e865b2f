"""Hardware addresses (EUI-48): six pairs parted alike, or three groups of four."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]


_PAIR = re.compile(rb"(?:\A|[^0-9A-Za-z])[0-9A-Fa-f]{2}[:\-.]\Z")

_SIGNS, _NOBODY = set(b":-."), ({48}, {102})
"""All zeros and all ones are nobody's address."""


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    if (
        set(text[start:end].lower()) - _SIGNS in _NOBODY
        or not separate(text, start, end)
        or _PAIR.search(text, max(0, start - 4), start)
    ):
        return []
    sign = text[end : end + 1]
    if sign in (b":", b"-", b".") and text[end + 1 : end + 2].isalnum():
        return []
    parts = set(text[start:end]) & set(b":-.")
    return [(start, end, "medium")] if len(parts) == 1 else []


PART = Detector(
    name="mac-address",
    pattern=r"[0-9A-Fa-f]{2}(?:[:\-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
    chars="0123456789ABCDEFabcdef:-.",
    begins="0123456789ABCDEFabcdef",
    length=17 + 3,
    confidence="medium",
    retry=True,
    judge=_judge,
    hits=(
        "ether «00:1a:2b:3c:4d:5e» txqueuelen",
        "«00-1A-2B-3C-4D-5E», «001a.2b3c.4d5e».",
        "mac=«00:00:5e:00:53:01»",
        "device:«00:00:5e:00:53:01»",
    ),
    misses=(
        "SHA1 00:1a:2b:3c:4d:5e:6f:70:81:92",
        "00:1a-2b:3c:4d:5e",
        "12:34:56, ff:ff:ff:ff:ff:ff and 00:00:00:00:00:00",
        "550e8400-e29b-41d4-a716-446655440000",
    ),
)
