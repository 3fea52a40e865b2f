"""Members chosen by name at any depth, case and separators aside."""

from __future__ import annotations

from collections.abc import Mapping

from interlock.masking.rules import MaskRule, fold
from interlock.model import JSON
from interlock.paths import Location

__all__ = ["NameSet"]

_MAX_KNOWN = 10_000

type _Link = tuple[_Link | None, str | int]


class NameSet:
    """Folded names and their rules; what a name folds to is remembered."""

    def __init__(self, rules: Mapping[str, MaskRule]) -> None:
        self._rules = dict(rules)
        self._known: dict[str, MaskRule | None] = {}

    def select(self, document: JSON) -> list[tuple[Location, MaskRule]]:
        """Every member with one of the names. What lies inside a chosen member is not looked at."""
        found: list[tuple[Location, MaskRule]] = []
        known = self._known
        stack: list[tuple[JSON, _Link | None]] = [(document, None)]
        while stack:
            node, link = stack.pop()
            if isinstance(node, list):
                stack += [
                    (value, (link, index)) for index, value in enumerate(node) if value and type(value) in (dict, list)
                ]
                continue
            if not isinstance(node, dict):
                continue
            for key, value in node.items():
                rule = known[key] if key in known else self._learn(key)
                if rule is not None:
                    found.append((_location((link, key)), rule))
                elif value and (type(value) is dict or type(value) is list):
                    stack.append((value, (link, key)))
        return found

    def rule(self, name: str) -> MaskRule | None:
        """The rule that has this name, case and separators aside."""
        return self._known[name] if name in self._known else self._learn(name)

    def _learn(self, key: str) -> MaskRule | None:
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        rule = self._rules.get(fold(key))
        if len(key) <= 200:
            self._known[key] = rule
        return rule


def _location(link: _Link | None) -> Location:
    parts: list[str | int] = []
    while link is not None:
        parts.append(link[1])
        link = link[0]
    return tuple(reversed(parts))
