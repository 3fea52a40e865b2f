"""Tnetstrings, in which mitmproxy writes flow files: a length, a colon, the bytes and a letter for the type.

    5:hello; (text)  5:hello, (bytes)  1:7# (integer)  3:0.5^ (float)  4:true! 0:~  0:] (list)  0:} (mapping)

Lists and mappings hold their members one after the other. Here they are text with one character for each byte
(latin-1), which is put together faster than bytes are, and encoded once. Short ones come again and again, so they are
remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

__all__ = [
    "EMPTY_LIST", "FALSE", "NONE", "TRUE", "brief_text", "integer", "mapping", "moment", "octets", "of_value",
    "real", "sequence", "text", "word",
]  # fmt: skip

NONE, TRUE, FALSE, EMPTY_LIST = "0:~", "4:true!", "5:false!", "0:]"
_SHORT = 128
_REMEMBERED = 512


def of_value(value: object) -> str:
    """A plain JSON value, as `plain` leaves it."""
    if value is None:
        return NONE
    if value is True:
        return TRUE
    if value is False:
        return FALSE
    if isinstance(value, int):
        return integer(value)
    if isinstance(value, list):
        return sequence([of_value(item) for item in value])
    if isinstance(value, dict):
        return mapping("".join([text(key) + of_value(item) for key, item in value.items()]))
    return text(str(value))


def text(value: str) -> str:
    """Text, in UTF-8; lone surrogates are spelled out."""
    data = value if value.isascii() else value.encode("utf-8", "backslashreplace").decode("latin-1")
    return f"{len(data)}:{data};"


_known_text = lru_cache(maxsize=_REMEMBERED)(text)


def brief_text(value: str) -> str:
    """Text that comes again."""
    return _known_text(value) if len(value) <= _SHORT else text(value)


def word(value: str) -> str:
    """Text; none where it is empty."""
    return text(value) if value else NONE


def octets(data: str | bytes) -> str:
    """Bytes, or text where HTTP has bytes."""
    raw = (data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data).decode("latin-1")
    return f"{len(raw)}:{raw},"


def integer(number: int) -> str:
    """An integer."""
    digits = str(number)
    return f"{len(digits)}:{digits}#"


def real(number: float) -> str:
    """A float, in as few digits as tell it from all others."""
    digits = repr(float(number))
    return f"{len(digits)}:{digits}^"


def moment(number: float | None) -> str:
    """A time in seconds since the epoch, if there is one."""
    return NONE if number is None else real(number)


def sequence(items: Iterable[str]) -> str:
    """A list of what was written already."""
    data = "".join(items)
    return f"{len(data)}:{data}]"


def mapping(members: str) -> str:
    """A mapping of what was written already: names and values in turn."""
    return f"{len(members)}:{members}}}"
