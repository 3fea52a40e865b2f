"""Reads what an attacker may have written: base64url and JSON that can be understood in one way only.

Both raise ValueError with a message that names the fault and never repeats the input.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

from interlock.model import JSON

__all__ = ["b64url_decode", "b64url_encode", "read_object"]

_ALPHABET = re.compile(rb"[A-Za-z0-9_-]*\Z")
_MAX_DEPTH = 32


def b64url_decode(segment: str) -> bytes:
    """The bytes of unpadded base64url (RFC 7515 section 2); any other spelling of the same bytes is refused."""
    try:
        raw = segment.encode("ascii")
    except UnicodeEncodeError:
        raise ValueError("is not base64url") from None
    if not _ALPHABET.match(raw) or len(raw) % 4 == 1:
        raise ValueError("is not unpadded base64url")
    try:
        decoded = base64.urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        raise ValueError("is not base64url") from None
    if b64url_encode(decoded).encode("ascii") != raw:
        raise ValueError("is not canonical base64url")
    return decoded


def b64url_encode(raw: bytes) -> str:
    """Unpadded base64url."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def read_object(raw: bytes) -> dict[str, JSON]:
    """One JSON object in UTF-8 (RFC 8259): no duplicate members at any depth, no NaN, no lone surrogates."""
    try:
        text = raw.decode("utf-8")
        document = json.loads(text, object_pairs_hook=_members, parse_constant=_constant)
    except _TwiceError:
        raise ValueError("holds a member twice") from None
    except (ValueError, RecursionError):
        raise ValueError("is not JSON") from None
    if not isinstance(document, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004  one kind of error for every fault of the input
    _check(document)
    return document


class _TwiceError(ValueError):
    """A member stands twice in one object."""


def _members(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _TwiceError
    return members


def _constant(name: str) -> JSON:
    raise ValueError(name)


def _check(document: JSON) -> None:
    """Bounds the depth, and refuses strings that cannot be written as UTF-8 and numbers beyond the finite."""
    level: list[JSON] = [document]
    for _ in range(_MAX_DEPTH):
        if not level:
            return
        below: list[JSON] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and not _writable(value):
                raise ValueError("holds text that is not Unicode")
            elif isinstance(value, float) and value - value != 0:
                raise ValueError("holds a number that is not finite")
        level = below
    raise ValueError("is nested too deeply")


def _writable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
