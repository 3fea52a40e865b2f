"""IPv4 addresses in dotted form."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    octets = text[start:end].split(b".")
    valid = all(int(octet) < 256 and (octet == b"0" or octet[:1] != b"0") for octet in octets)
    if not valid or not separate(text, start, end):
        return []
    before, after = text[max(0, start - 1) : start], text[end : end + 2]
    if before in (b".", b"-") or (after[:1] in (b".", b"-") and after[1:].isdigit()):
        return []
    return [(start, end, "medium")]


PART = Detector(
    name="ipv4",
    pattern=r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}",
    begins="0123456789",
    chars="0123456789.-",
    length=15 + 3,
    confidence="medium",
    retry=True,
    judge=_judge,
    hits=("from «192.0.2.17».", "«198.51.100.7»:8080 and «203.0.113.9»/24"),
    misses=("version v1.2.3.4", "1.2.3.4.5", "300.1.2.3", "192.168.01.1", "2026.11.22"),
)
