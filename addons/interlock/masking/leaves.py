"""The texts of a JSON document: names of members, strings, and numbers as they would be written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from interlock.masking.actions import Span
from interlock.masking.scan import encode
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["Leaf", "Leaves", "number_text", "texts_of"]

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
    """All texts, in the order of Leaves."""
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


class Leaves:
    """All texts with their places; only made when something was found."""

    def __init__(self, document: JSON) -> None:
        self._entries: list[tuple[_Link | None, bool, str]] = []
        stack: list[tuple[Any, _Link | None]] = [(document, None)]
        while stack:
            node, link = stack.pop()
            kind = type(node)
            if kind is dict:
                self._entries += [((link, key), True, key) for key in node]
            pairs = node.items() if kind is dict else enumerate(node) if kind is list else ((None, node),)
            for key, value in pairs:
                here = link if key is None else (link, key)
                kind = type(value)
                if kind is str:
                    self._entries.append((here, False, value))
                elif kind is dict or kind is list:
                    if value:
                        stack.append((value, here))
                elif (kind is int or kind is float) and not -_SHORTEST_NUMBER < value < _SHORTEST_NUMBER:
                    self._entries.append((here, False, number_text(value)))

    def at(self, offsets: Iterable[int]) -> list[Leaf]:
        """The texts in which these offsets lie, when all texts stand joined with a NUL between them."""
        starts = list(accumulate((len(encode(text)) + 1 for _, _, text in self._entries), initial=0))
        return [self._leaf(number) for number in sorted({bisect_right(starts, offset) - 1 for offset in offsets})]

    def _leaf(self, number: int) -> Leaf:
        link, is_key, text = self._entries[number]
        parts: list[str | int] = []
        while link is not None:
            parts.append(link[1])
            link = link[0]
        return Leaf(tuple(reversed(parts)), text, is_key)
