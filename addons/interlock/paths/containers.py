"""The objects and arrays of one document, listed once for all who look for something in any of them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from interlock.model import JSON
from interlock.paths.location import Location

__all__ = ["Containers"]

_KINDS = frozenset((dict, list))


class Containers:
    """Listed when they are first asked for: those that hold something, each behind the one that holds it."""

    __slots__ = ("_document", "_ends", "_listed")

    def __init__(self, document: JSON) -> None:
        self._document = document
        self._listed: list[Any] | None = None
        self._ends: list[int] = []

    def listed(self) -> list[Any]:
        """All of them. Nobody else's list: it must not be changed."""
        if self._listed is None:
            listed: list[Any] = [self._document] if type(self._document) in _KINDS else []
            ends = self._ends
            for node in listed:
                values = node.values() if type(node) is dict else node
                listed += [value for value in values if type(value) in _KINDS and value]
                ends.append(len(listed))
            self._listed = listed
        return self._listed

    def location(self, number: int) -> Location:
        """Where the container with this place in the list stands."""
        listed, parts = self.listed(), list[str | int]()
        while number:
            holder = bisect_right(self._ends, number)
            node, above = listed[number], listed[holder]
            members = above.items() if type(above) is dict else enumerate(above)
            parts.append(next(key for key, value in members if value is node))
            number = holder
        return tuple(reversed(parts))
