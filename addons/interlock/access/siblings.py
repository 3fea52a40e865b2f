"""Names that are alike, as one pattern: only where enough different ones were used, and within what may be permitted.

A pattern lies within another when everything it matches the other does too. That is told here by sure signs alone: what
is not sure is not within.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

__all__ = ["alike_names", "alike_paths", "alike_tables", "within_glob", "within_word"]

_PREFIX = re.compile(r"(.*?[_.:/-]+)[^_.:/-]+")
_SHORTEST = 3
_ANY, _MANY = "*", "**"

type Allowed = Callable[[str], bool]
"""Whether a pattern lies within what may be permitted."""


def alike_paths(paths: Iterable[str], least: int, allowed: Allowed) -> list[str]:
    """Paths with `*` for a segment in which at least so many of them differ and that is all in which they do.

    The first segment stays: three of them say nothing about all that a server has.
    """
    found = sorted(set(paths))
    longest = max((path.count("/") for path in found), default=0)
    for index in range(longest, 1, -1):
        groups: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = defaultdict(list)
        for path in found:
            parts = path.split("/")
            if len(parts) > index and parts[index] not in ("", _ANY):
                groups[tuple(parts[:index]), tuple(parts[index + 1 :])].append(path)
        for (before, after), members in groups.items():
            glob = "/".join([*before, _ANY, *after])
            if len(members) >= least and allowed(glob):
                found = [path for path in found if path not in members and path != glob] + [glob]
    return sorted(found)


def alike_names(names: Iterable[str], least: int, allowed: Allowed) -> list[str]:
    """Names with `*` after a beginning, up to a separator, that at least so many of them share; the longest first.

    What ends with a colon is no beginning: three tools of a server say nothing about all of them.
    """
    found = sorted(set(names))
    beginnings: dict[str, set[str]] = defaultdict(set)
    for name in found:
        match = _PREFIX.fullmatch(name)
        while match is not None and len(match[1]) >= _SHORTEST and not match[1].endswith(":"):
            beginnings[match[1]].add(name)
            match = _PREFIX.fullmatch(match[1].rstrip("_.:/-"))
    for beginning in sorted(beginnings, key=lambda text: (-len(text), text)):
        members = [name for name in beginnings[beginning] if name in found]
        if len(members) >= least and allowed(beginning + _ANY):
            found = [name for name in found if name not in members] + [beginning + _ANY]
    return sorted(found)


def alike_tables(names: Iterable[str], least: int) -> list[str]:
    """Tables as `schema.*`, or columns as `table.*`, where at least so many of one were used."""
    inner: dict[str, list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        inner[name.rpartition(".")[0]].append(name)
    found: list[str] = []
    for outer, members in inner.items():
        found += [f"{outer}.{_ANY}"] if outer and len(members) >= least else members
    return sorted(found)


def within_word(pattern: str, allowed: Collection[str]) -> bool:
    """Whether every word that a pattern matches is matched by one of those (`*` for any characters)."""
    return any(_word_in(pattern, other) for other in allowed)


def within_glob(pattern: str, allowed: Collection[str]) -> bool:
    """The same of globs over paths."""
    parts = pattern.split("/")
    return any(_parts_in(parts, other.split("/")) for other in allowed)


def _word_in(pattern: str, other: str) -> bool:
    if pattern == other or other == _ANY:
        return True
    head, star, rest = other.partition(_ANY)
    return bool(star) and not rest and pattern.startswith(head)


def _parts_in(parts: list[str], others: list[str]) -> bool:
    if not others:
        return not parts
    if others[0] == _MANY:
        return any(_parts_in(parts[index:], others[1:]) for index in range(len(parts) + 1))
    if not parts or parts[0] == _MANY:
        return False
    if others[0] == _ANY:
        return parts[0] != "" and _parts_in(parts[1:], others[1:])
    return _word_in(parts[0], others[0]) and _parts_in(parts[1:], others[1:])
