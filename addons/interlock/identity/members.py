"""Finds a claim by path: `sub`, `act.sub`, `realm_access.roles`, `$['https://example.com/groups']`, `$.a['b.c']`.

A path names exactly one member. Wildcards, filters, indexes and recursion are refused: a principal must not depend
on which of several matches comes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from interlock.model import JSON

__all__ = ["MISSING", "ClaimPath", "claim_path"]

_NAME = re.compile(r"[^.\[\]'\"\s$*?@()/\\]+")
_QUOTED = re.compile(r"\[(?:'([^'\\]+)'|\"([^\"\\]+)\")\]")
_MAX_PATH = 512

MISSING = object()


@dataclass(frozen=True, slots=True)
class ClaimPath:
    """A compiled path: the names of nested members, outermost first."""

    names: tuple[str, ...]

    def find(self, claims: Mapping[str, JSON]) -> object:
        """The member's value, or MISSING."""
        value: object = claims
        for name in self.names:
            if not isinstance(value, Mapping) or name not in value:
                return MISSING
            value = value[name]
        return value

    def __str__(self) -> str:
        return "$" + "".join(f"['{name}']" for name in self.names)


def claim_path(text: str) -> ClaimPath:
    """Compiles a path. Raises ValueError with a message that says how to write it."""
    if len(text) > _MAX_PATH:
        raise ValueError(f"is longer than {_MAX_PATH} characters")
    rest = text
    if rest.startswith("$"):
        rest = rest[1:].removeprefix(".")
    names: list[str] = []
    while rest:
        match = _QUOTED.match(rest) or _NAME.match(rest)
        if match is None:
            raise ValueError("write it as act.sub, or with quotes as $['https://example.com/groups']")
        names.append(next(group for group in (*match.groups(), match[0]) if group))
        rest = rest[match.end() :]
        if rest.startswith("."):
            rest = rest[1:] or "."
        elif rest and not rest.startswith("["):
            raise ValueError("put a dot between members, or quote the name: $['a b']")
    if not names:
        raise ValueError("names no claim")
    return ClaimPath(tuple(names))
