"""IPv6 addresses (RFC 4291), shortened or not."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]

_FEW, _ALL = 2, 8


_SLICE = re.compile(rb"[0-9A-Za-z_\])\"':]\[?\Z")
_GROUP = re.compile(rb"(?:(?:\A|[^0-9A-Za-z])[0-9A-Fa-f]{0,4}:|\.)\Z")


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    while end > start and (
        text[end - 1 : end] == b"." or (text[end - 1 : end] == b":" and text[end - 2 : end] != b"::")
    ):
        end -= 1
    value = text[start:end].decode("ascii")
    if value == "::1":  # a slice in code, too: `x[::1]`
        sliced = _SLICE.search(text, max(0, start - 2), start) is not None or not separate(text, start, end)
        return [] if sliced else [(start, end, "medium")]
    groups = [group for group in value.split(":") if group]
    # `a::b` is C++, `12:34:56` a time; an address has numbers and more of them.
    if len(groups) < _FEW or (len(groups) < _ALL and "::" not in value) or not any(map(str.isdigit, value)):
        return []
    if "::" not in value and max(map(len, groups)) <= _FEW:
        return []  # pairs are a hardware address or a digest
    if len(groups) == _FEW and max(map(len, groups)) < _FEW + 1:
        return []
    if not separate(text, start, end) or _GROUP.search(text, max(0, start - 6), start):
        return []
    try:
        ipaddress.IPv6Address(value)
    except ValueError:
        return []
    return [(start, end, "medium")]


PART = Detector(
    name="ipv6",
    pattern=r"(?:[0-9A-Fa-f]{1,4}:|::)[0-9A-Fa-f:]{1,36}(?:\.?[0-9]{1,3}){0,3}",
    needs="::|(?:[0-9A-Fa-f]{1,4}:){5}",
    chars="0123456789ABCDEFabcdef:.",
    begins="0123456789ABCDEFabcdef:",
    length=5 + 36 + 12 + 2,
    confidence="medium",
    retry=True,
    judge=_judge,
    hits=(
        "from «2001:db8::8a2e:370:7334» port 22",
        "ping6 «::1», listen [«::1»]:80",
        "[«2001:0db8:85a3:0000:0000:8a2e:0370:7334»]:443, «fe80::1ff:fe23:4567:890a»%eth0",
        "peer:«fe80::c985:ff:fe00:1a2b»",
        "«::ffff:192.0.2.1». Next",
    ),
    misses=(
        "EUI-64 1d:d5:76:03:e6:d0:51:25",
        "std::vector, a::b, Foo::Bar::baz",
        "x[::1], y()[::1], 12::1, a::1",
        "12:34:56 and 1:2:3:4:5:6:7:8:9",
        "00:1a:2b:3c:4d:5e",
        "2001:db8 :: x",
    ),
)
