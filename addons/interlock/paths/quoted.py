"""Quoted text in a path, with the escapes of RFC 9535, section 2.3.1.1."""

from __future__ import annotations

import re

from interlock.paths.syntax import refuse

__all__ = ["QUOTED", "unquoted"]

QUOTED = re.compile(r"""'(?:[^'\\\x00-\x1f\ud800-\udfff]|\\.)*'|"(?:[^"\\\x00-\x1f\ud800-\udfff]|\\.)*\"""")
"""Text in quotes, escapes unchecked."""

_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})"
    r"|u(?P<code>(?![dD][89a-fA-F])[0-9A-Fa-f]{4})|(?P<one>.))",
    re.DOTALL,
)
_ONE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\"}


def unquoted(path: str, token: str) -> str:
    """What a quoted text of a path says. Raises InterlockError for an escape that does not exist."""
    quote, inner = token[0], token[1:-1]

    def plain(match: re.Match[str]) -> str:
        if match["high"] is not None:
            return chr(0x10000 + ((int(match["high"], 16) & 0x3FF) << 10) + (int(match["low"], 16) & 0x3FF))
        if match["code"] is not None:
            return chr(int(match["code"], 16))
        one = match["one"]
        if one == quote:
            return quote
        if one not in _ONE:
            what = f"\\{one} is no escape in text in {quote}"
            raise refuse(path, what, "escapes are \\b \\f \\n \\r \\t \\/ \\\\ \\uXXXX, and the quote itself")
        return _ONE[one]

    return _ESCAPE.sub(plain, inner) if "\\" in inner else inner
