"""Hardware addresses (EUI-48) without signs between their pairs, by the words right before them."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, separate
from interlock.masking.nearby import directly

__all__ = ["PART"]

_WORDS = (
    "mac address",
    "mac addr",
    "hwaddr",
    "hw addr",
    "hardware address",
    "ethernet address",
    "bssid",
    "macaddress",
    "mac adresse",
)
_ASKS = directly(*_WORDS)


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    at = start
    while text[at - 1 : at] in (b" ", b'"', b"'", b"\\", b":", b"=", b"`"):
        at -= 1
    return [(start, end, "medium")] if separate(text, start, end) and _ASKS(text, at) else []


PART = Detector(
    name="mac-address-named",
    kind="mac-address",
    pattern=r"[0-9A-Fa-f]{12}|[0-9A-Fa-f]{6}[\-:][0-9A-Fa-f]{6}",
    chars="0123456789ABCDEFabcdef-:",
    begins="0123456789ABCDEFabcdef",
    length=13 + 2,
    confidence="medium",
    words=_WORDS,
    retry=True,
    whole=True,
    judge=_judge,
    hits=("mac address: «00005e005301»", '"hwaddr": "«001A2B3C4D5E»"', "MAC-Adresse: «001a2b-3c4d5e»"),
    misses=("commit 00005e005301", "mac address 00005e005301ff", "the mac address book 001a2b3c4d5e"),
)
