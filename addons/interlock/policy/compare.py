"""Comparisons with JSON values, as `when: body:` and `where:` write them: equals, in, matches, at_most, ..."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from interlock.model import JSON
from interlock.policy.condition import typed
from interlock.schema import Reader
from interlock.settings_glob import star
from interlock.source import Node

__all__ = ["COMPARISONS", "ORDER", "Fits", "read_fits"]

type Fits = Callable[[JSON], bool]

ORDER: Mapping[str, Callable[[float, float], bool]] = {
    "less_than": operator.lt,
    "at_most": operator.le,
    "more_than": operator.gt,
    "at_least": operator.ge,
}
"""Comparisons of numbers."""
COMPARISONS = ("equals", "in", "matches", *ORDER)
"""Every comparison with a value that is there."""


def read_fits(name: str, node: Node, wide: bool, reader: Reader) -> Fits:
    """The compiled comparison. A value that cannot be compared fits when `wide` (the rule asks or forbids)."""
    if name in ORDER:
        return _ordered(ORDER[name], node, name, wide, reader)
    if name == "matches":
        patterns = [star(text) for text in reader.texts(node, "matches")]
        return lambda value: any(fit(value) for fit in patterns) if isinstance(value, str) else wide
    items = reader.items(node, "in") if name == "in" else [node]
    if not items:
        reader.error(node, "in is empty and would match nothing", "name the values")
    for item in items:
        if isinstance(item.value, dict | list):
            reader.error(item, f"{name} compares with text, a number, true, false or null")
    wanted = frozenset(typed(item.plain()) for item in items)
    return lambda value: typed(value) in wanted


def _ordered(compare: Callable[[float, float], bool], node: Node, name: str, wide: bool, reader: Reader) -> Fits:
    limit = node.value
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        reader.error(node, f"{name} needs a number")
        return lambda value: wide

    def fits(value: JSON) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return wide
        return compare(value, limit)

    return fits
