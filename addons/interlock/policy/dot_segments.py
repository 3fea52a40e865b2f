"""Paths that say one thing and mean another: `/tmp/../etc/passwd` is no path below /tmp (RFC 3986, section 5.2.4)."""

from __future__ import annotations

import re
from urllib.parse import unquote

from interlock.model import JSON

__all__ = ["spellings"]

_SEPARATORS = re.compile(r"([/\\])")
_ANY = re.compile(r"(?:\A|[/\\])\.{0,2}(?=[/\\]|\Z)")
_UP = re.compile(r"(?:\A|[/\\])\.\.(?=[/\\]|\Z)")
_ESCAPES = re.compile(r"%(?:2[ef]|5c)", re.IGNORECASE)


def spellings(value: JSON, wide: bool) -> tuple[JSON, ...]:
    """A value as it is written and, where it is a path that leads elsewhere, as it is meant; as a rule compares both.

    To permit, each has to fit; to forbid (`wide`), one is enough, and then `/etc/./passwd` and `/etc//passwd` are told
    apart too. Takes time with the length of the value only.
    """
    if not isinstance(value, str):
        return (value,)
    plain = unquote(value) if _ESCAPES.search(value) else value
    told = (_ANY if wide else _UP).search(plain) is not None
    if not told:
        return (value,) if plain == value else (value, plain)
    return tuple(dict.fromkeys((value, plain, _meant(plain))))


def _meant(path: str) -> str:
    """The path without `.`, `..` and empty segments; what leads above the root stays there."""
    pieces = _SEPARATORS.split(path)
    rooted = pieces[0] == "" and len(pieces) > 1
    kept: list[str] = []
    for segment in pieces[::2]:
        if segment == ".." and kept and kept[-1] != "..":
            kept.pop()
        elif segment not in ("", ".", "..") or (segment == ".." and not rooted):
            kept.append(segment)
    separator = pieces[1] if len(pieces) > 1 else "/"
    return (separator if rooted else "") + separator.join(kept)
