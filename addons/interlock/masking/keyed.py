"""JSON values whose member's name says what they are: `{"bsn": "123456782"}`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from interlock.masking.detector import encode
from interlock.masking.leaves import Leaf, has_text, number_text
from interlock.masking.screen import Words
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["Keyed", "name_of"]

_MAX_KNOWN = 10_000
_LONG = 200
_REACH = 2
"""How many names a word reaches: `{"passport": {"number": ...}}` is a passport's number."""


class Keyed:
    """Walks to the values below names that hold a word; what a name holds is remembered."""

    __slots__ = ("_known", "_words")

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: dict[str, bool] = {}

    def leaves(self, document: JSON) -> Iterator[Leaf]:
        """Strings and long numbers whose own name, or the one above it, holds a word."""
        stack: list[tuple[Any, Location, int]] = [(document, (), 0)]
        while stack:
            node, location, reach = stack.pop()
            named = type(node) is dict
            for key, value in node.items() if named else enumerate(node) if type(node) is list else ():
                left = reach if type(key) is not str else _REACH if self._holds(key) else max(0, reach - 1)
                kind = type(value)
                if kind is dict or kind is list:
                    if value:
                        stack.append((value, (*location, key), left))
                elif left and has_text(value):
                    yield Leaf((*location, key), value if kind is str else number_text(value))

    def _holds(self, key: str) -> bool:
        known = self._known.get(key)
        if known is None:
            known = bool(self._words.found(encode(key)))
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            if len(key) <= _LONG:
                self._known[key] = known
        return known


def name_of(leaf: Leaf) -> bytes:
    """What a leaf is called: the last names on the way to it, one after the other. A name itself is called nothing."""
    if leaf.is_key:
        return b""
    names = [part for part in leaf.location if type(part) is str]
    return encode(" ".join(names[-_REACH:]))
