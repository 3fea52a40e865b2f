"""Forms that show a part of a value: enough to recognise it by, nothing of one so short that it would be told."""

from __future__ import annotations

import re

__all__ = ["PARTS", "part"]

PARTS = ("last4", "first4", "domain", "year")
"""`last4` and `first4` characters (digits, where it has eight), the `domain` of an e-mail address, a date's `year`."""

_HIDDEN = "****"
_SHOWN = 4
_ENOUGH = 8
_DOMAIN = re.compile(r"(?:@|%40|&#64;|&#[xX]40;|&commat;|\uff20)([^@\s]{1,253})\Z")
_YEAR = re.compile(r"(?<![0-9])(?:1[89]|20)[0-9]{2}(?![0-9])")
_TIGHT = re.compile(r"\A((?:1[89]|20)[0-9]{2})(?:0[1-9]|1[0-2])[0-3][0-9]\Z")


def part(action: str, value: str) -> str:
    """What is shown of a value by one of PARTS."""
    if action == "domain":
        found = _DOMAIN.search(value)
        return f"{_HIDDEN}@{found[1]}" if found else _HIDDEN
    if action == "year":
        found = _TIGHT.match(value) or _YEAR.search(value)
        return (found[1] if found.re is _TIGHT else found[0]) if found else _HIDDEN
    return _HIDDEN + _edge(value, last=True) if action == "last4" else _edge(value, last=False) + _HIDDEN


def _edge(value: str, *, last: bool) -> str:
    """Four digits at one end, or characters where digits are few; nothing of a short value."""
    digits = [letter for letter in value if letter.isascii() and letter.isdigit()]
    if len(digits) >= _ENOUGH:
        return "".join(digits[-_SHOWN:] if last else digits[:_SHOWN])
    if len(value) < 2 * _ENOUGH:
        return ""
    return value[-_SHOWN:] if last else value[:_SHOWN]
