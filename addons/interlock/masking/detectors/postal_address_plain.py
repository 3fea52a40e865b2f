"""Postal addresses in a field that is only called `address`: a street with a number, or a postal code with a town."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector
from interlock.masking.nearby import directly

__all__ = ["PART"]

_ASKS = directly("address", "addr")


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    at = start
    while text[at - 1 : at] in (b" ", b'"', b"'", b"\\"):
        at -= 1
    while text[end - 1 : end] in (b" ", b".", b",", b"'"):
        end -= 1
    return [(start, end, "medium")] if _ASKS(text, at - 1) else []


_LARGE = r"[A-Z\x{c0}-\x{de}]"
_WORD = rf"{_LARGE}[a-z\x{{df}}-\x{{24f}}.'\-]{{1,20}}"

PART = Detector(
    name="postal-address-plain",
    kind="postal-address",
    pattern=(
        rf"[:=][ \"'\\]{{0,4}}((?:[0-9]{{1,5}}[A-Za-z]?,? (?:[NSEW]\.? |(?:rue|via|av\.|calle|place) )?"
        rf"(?:{_LARGE}|[0-9]{{1,3}}(?:st|nd|rd|th) )"
        rf"|(?:{_WORD} ){{1,3}}[0-9]{{1,4}})[A-Za-z0-9\x{{c0}}-\x{{24f}} .,'/#\-]{{0,100}})"
    ),
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,'/#-:=\"\\",
    wide=True,
    begins=":=",
    length=400,
    confidence="medium",
    words=("address",),
    escaped=True,
    judge=_judge,
    hits=(
        '{"address": "«1600 Example Ave, Springfield, IL 62704»", "addr": "x 1"}',
        "Address: «Musterweg 5, 12345 Musterstadt»",
        "address = '«Heidestraße 17, Berlin»'",
    ),
    misses=('"address": "0x12ab", "ip_address": "unix 1"', "address: localhost 8080", "note: 12 Main St"),
)
