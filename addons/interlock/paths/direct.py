"""Paths that name one place, `$.page` or `$.orders[0].id`: looked up, where others have to be searched for.

So is what follows the name in a path such as `$..card.number`: most often to see that it is nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from interlock.model import JSON
from interlock.paths.location import Location
from interlock.paths.steps import Index, Name, Step

__all__ = ["anywhere", "deep_parts", "direct_parts", "looked_up"]

type _Parts = tuple[str | int, ...]


def direct_parts(steps: Sequence[Step]) -> _Parts | None:
    """The names and indices on the way to the only place that a path can select; None where it can select others."""
    parts: list[str | int] = []
    for step in steps:
        if step.descend or len(step.selectors) != 1:
            return None
        selector = step.selectors[0]
        if isinstance(selector, Name):
            parts.append(selector.name)
        elif isinstance(selector, Index):
            parts.append(selector.index)
        else:
            return None
    return tuple(parts)


def deep_parts(steps: Sequence[Step]) -> _Parts | None:
    """The same for a path that begins with a name at any depth; None for all others."""
    first = steps[0] if steps else None
    if first is None or not first.descend:
        return None
    parts = direct_parts((Step(first.selectors), *steps[1:]))
    return parts if parts is not None and type(parts[0]) is str else None


def anywhere(containers: Iterable[Any], ways: Sequence[_Parts], names: frozenset[str | int]) -> bool:
    """Whether in any of a document's containers something stands at the end of one of these ways, which begin with one
    of the `names`.
    """
    for node in containers:
        if type(node) is dict and not names.isdisjoint(node):
            for parts in ways:
                if parts[0] in node and looked_up(node, parts) is not None:
                    return True
    return False


def looked_up(document: JSON, parts: _Parts) -> tuple[Location, JSON] | None:
    """What stands at the end of the way, with its location, in which no index counts from the end; None for nothing."""
    value, at = document, parts
    for depth, part in enumerate(parts):
        if type(part) is str:
            if type(value) is not dict or part not in value:
                return None
        elif type(value) is not list or not -len(value) <= part < len(value):  # type: ignore[operator]
            return None
        elif part < 0:  # type: ignore[operator]
            part += len(value)  # type: ignore[operator] # noqa: PLW2901
            at = (*at[:depth], part, *at[depth + 1 :])
        value = value[part]  # type: ignore[index]
    return at, value
