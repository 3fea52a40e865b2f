"""The texts of a JSON document: names of members, strings, and numbers as they would be written."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import itemgetter
from typing import Any

from interlock.masking.actions import Span
from interlock.masking.detector import encode
from interlock.model import JSON
from interlock.model.quick import quick
from interlock.paths import Location

__all__ = ["Leaf", "has_text", "leaves_at", "number_text", "texts_of"]

_SHORTEST_NUMBER = 1_000_000
"""No detector knows a shorter number; JSON is full of them."""

type _Place = tuple[int, Any, int, int]
"""The number of a container's first text, the container, the place of what holds it and the how manyth it is there."""


@quick
@dataclass(frozen=True, slots=True)
class Leaf:
    """One text and where it stands. A name has the location of its member. `at` is where its JSON text stands in the
    body, quotes included, if that is known.
    """

    location: Location
    text: str = field(repr=False)
    is_key: bool = False
    spans: tuple[Span, ...] = ()
    at: tuple[int, int] | None = None


def number_text(value: int | float) -> str:
    """A number without exponent where it can stand for an identifier."""
    if isinstance(value, float) and 1e6 <= abs(value) < 1e22:
        return format(value, ".0f") if value.is_integer() else repr(value)
    return str(value)


def texts_of(document: JSON) -> tuple[list[str], list[_Place]]:
    """All texts, and where each container's begin: what `leaves_at` needs to find one of them again."""
    texts: list[str] = []
    places: list[_Place] = []
    stack: list[tuple[Any, int, int]] = [(document, -1, 0)]
    while stack:
        node, parent, which = stack.pop()
        here, inner = len(places), 0
        places.append((len(texts), node, parent, which))
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
                    stack.append((value, here, inner))
                    inner += 1
            elif (kind is int or kind is float) and not -_SHORTEST_NUMBER < value < _SHORTEST_NUMBER:
                texts.append(number_text(value))
    return texts, places


def leaves_at(texts: Sequence[str], places: Sequence[_Place], joined: bytes, offsets: Iterable[int]) -> list[Leaf]:
    """The texts in which these offsets lie; `joined` is all `texts` of the document with a NUL between them."""
    wanted: list[int] = []
    if joined.count(0) == len(texts) - 1:
        number = at = 0
        for offset in sorted(offsets):
            number += joined.count(0, at, offset)
            at = offset
            if not wanted or wanted[-1] != number:
                wanted.append(number)
    else:  # a text holds a NUL itself
        ends = list(accumulate(len(encode(text)) + 1 for text in texts))
        wanted = sorted({bisect_right(ends, offset) for offset in offsets})
    ways = _Ways(places)
    return [ways.leaf(number, texts[number]) for number in wanted]


class _Ways:
    """The ways to texts that are asked for in their order. What holds many of them is looked through once."""

    __slots__ = ("_here", "_inner", "_keys", "_place", "_places")

    def __init__(self, places: Sequence[_Place]) -> None:
        self._places = places
        self._here = -1
        self._place: Location = ()
        self._keys: list[Any] = []
        self._inner: dict[int, list[Any]] = {}

    def leaf(self, number: int, text: str) -> Leaf:
        """The text with this number."""
        # Of containers that begin at one number, only the last has texts.
        here = bisect_right(self._places, number, key=itemgetter(0)) - 1
        count, node = self._places[here][:2]
        if here != self._here:
            self._here, self._place = here, self._location(here)
            names = list(node) if type(node) is dict else []
            self._keys = names + [key for key, value in _members(node) if has_text(value)]
        key = self._keys[number - count]
        is_key = type(node) is dict and number < count + len(node)
        return Leaf(self._place if key is None else (*self._place, key), text, is_key)

    def _location(self, here: int) -> Location:
        """Where a container stands."""
        parts: list[Any] = []
        while True:
            _, _, here, which = self._places[here]
            if here < 0:
                return tuple(reversed(parts))
            inner = self._inner.get(here)
            if inner is None:
                members = _members(self._places[here][1])
                inner = self._inner[here] = [key for key, value in members if type(value) in (dict, list) and value]
            parts.append(inner[which])


def has_text(value: Any) -> bool:
    """Whether a value is searched: strings, and numbers that are long enough to identify."""
    kind = type(value)
    return kind is str or ((kind is int or kind is float) and not -_SHORTEST_NUMBER < value < _SHORTEST_NUMBER)


def _members(node: Any) -> Iterable[tuple[Any, Any]]:
    kind = type(node)
    return node.items() if kind is dict else enumerate(node) if kind is list else ((None, node),)
