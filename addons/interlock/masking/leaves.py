"""The texts of a JSON document: names of members, strings, and numbers as they would be written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from interlock.masking.actions import Span
from interlock.masking.scan import encode
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["Leaf", "leaves_at", "number_text", "texts_of"]

_SHORTEST_NUMBER = 1_000_000
"""No detector knows a shorter number; JSON is full of them."""

type _Link = tuple[_Link | None, str | int]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One text and where it stands. A name has the location of its member."""

    location: Location
    text: str = field(repr=False)
    is_key: bool = False
    spans: tuple[Span, ...] = ()


def number_text(value: int | float) -> str:
    """A number without exponent where it can stand for an identifier."""
    if isinstance(value, float) and 1e6 <= abs(value) < 1e22:
        return format(value, ".0f") if value.is_integer() else repr(value)
    return str(value)


def texts_of(document: JSON) -> list[str]:
    """All texts, in the order of `leaves_at`."""
    texts: list[str] = []
    stack: list[Any] = [document]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is dict:
            texts.extend(node)
            values = node.values()
        else:
            values = node if kind is list else (node,)
        for value in values:
            kind = type(value)
            if kind is str:
                texts.append(value)
            elif kind is dict or kind is list:
                if value:
                    stack.append(value)
            elif (kind is int or kind is float) and not -_SHORTEST_NUMBER < value < _SHORTEST_NUMBER:
                texts.append(number_text(value))
    return texts


def leaves_at(document: JSON, texts: Sequence[str], joined: bytes, offsets: Iterable[int]) -> list[Leaf]:
    """The texts in which these offsets lie; `joined` is all `texts` of the document with a NUL between them."""
    if joined.count(0) == len(texts) - 1:
        wanted = sorted({joined.count(0, 0, offset) for offset in offsets}, reverse=True)
    else:  # a text holds a NUL itself
        ends = list(accumulate(len(encode(text)) + 1 for text in texts))
        wanted = sorted({bisect_right(ends, offset) for offset in offsets}, reverse=True)
    found: list[Leaf] = []
    count = 0
    stack: list[tuple[Any, _Link | None]] = [(document, None)]
    while stack and wanted:
        node, link = stack.pop()
        kind = type(node)
        if kind is dict:
            if wanted[-1] < count + len(node):
                names = list(node)
                while wanted and wanted[-1] < count + len(names):
                    name = names[wanted.pop() - count]
                    found.append(Leaf(_location((link, name)), name, True))
            count += len(node)
        pairs = node.items() if kind is dict else enumerate(node) if kind is list else ((None, node),)
        for key, value in pairs:
            kind = type(value)
            if kind is str or ((kind is int or kind is float) and not -_SHORTEST_NUMBER < value < _SHORTEST_NUMBER):
                if wanted and wanted[-1] == count:
                    wanted.pop()
                    text = value if kind is str else number_text(value)
                    found.append(Leaf(_location(link if key is None else (link, key)), text))
                count += 1
            elif (kind is dict or kind is list) and value:
                stack.append((value, link if key is None else (link, key)))
    return found


def _location(link: _Link | None) -> Location:
    parts: list[str | int] = []
    while link is not None:
        parts.append(link[1])
        link = link[0]
    return tuple(reversed(parts))
