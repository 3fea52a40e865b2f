"""IPv6 addresses (RFC 4291), shortened or not."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]

_FEW, _ALL = 2, 8


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    while end > start and (
        text[end - 1 : end] == b"." or (text[end - 1 : end] == b":" and text[end - 2 : end] != b"::")
    ):
        end -= 1
    value = text[start:end].decode("ascii")
    groups = [group for group in value.split(":") if group]
    # `a::b` is C++, `12:34:56` a time; an address has numbers and more of them.
    if len(groups) < _FEW or (len(groups) < _ALL and "::" not in value) or not any(map(str.isdigit, value)):
        return []
    if len(groups) == _FEW and max(map(len, groups)) < _FEW + 1:
        return []
    if not separate(text, start, end) or text[start - 1 : start] in (b":", b"."):
        return []
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return []
    return [(start, end, "medium")]


PART = Detector(
    name="ipv6",
    pattern=r"(?:[0-9A-Fa-f]{1,4}:|::)[0-9A-Fa-f:]{1,36}(?:\.?[0-9]{1,3}){0,3}",
    chars="0123456789ABCDEFabcdef:.",
    begins="0123456789ABCDEFabcdef:",
    length=5 + 36 + 12 + 2,
    confidence="medium",
    judge=_judge,
    hits=(
        "from «2001:db8::8a2e:370:7334» port 22",
        "[«2001:0db8:85a3:0000:0000:8a2e:0370:7334»]:443, «fe80::1ff:fe23:4567:890a»%eth0",
        "«::ffff:192.0.2.1». Next",
    ),
    misses=("std::vector, a::b, Foo::Bar::baz", "12:34:56 and 1:2:3:4:5:6:7:8:9", "00:1a:2b:3c:4d:5e", "2001:db8 :: x"),
)
