"""The functions of RFC 9535, section 2.4, and the types of what they take and give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from interlock.model import JSON
from interlock.paths.compare import NOTHING, Nothing
from interlock.paths.iregexp import compiled, unsupported, width
from interlock.paths.scope import Scope
from interlock.paths.syntax import refuse

__all__ = ["FUNCTIONS", "Function", "Kind", "check_pattern", "length", "matches", "only"]

_COMPILING = 3000
"""What making a pattern that stands in the document counts as at least, in values passed over."""
_LETTERS = 64
"""Letters that a pattern passes in the time of one value, if the text does not make it try many places."""
_PLACES = 20
"""Places of a pattern that are tried in the time of one value."""
_MEASURED = 1 << 12
"""Searches that may try more of them are measured: most try far fewer than they may."""


class Kind(Enum):
    """The types of RFC 9535, section 2.4.1."""

    VALUE = "value"
    LOGICAL = "logical"
    NODES = "nodes"


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes and gives; `usage` shows it to an operator."""

    takes: tuple[Kind, ...]
    gives: Kind
    usage: str


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "length": Function((Kind.VALUE,), Kind.VALUE, "length(@.name) > 3, of one value"),
        "count": Function((Kind.NODES,), Kind.VALUE, "count(@.items[*]) > 3, of a path"),
        "match": Function((Kind.VALUE, Kind.VALUE), Kind.LOGICAL, "match(@.name, 'a.*'), of the whole of one value"),
        "search": Function((Kind.VALUE, Kind.VALUE), Kind.LOGICAL, "search(@.name, 'a'), anywhere in one value"),
        "value": Function((Kind.NODES,), Kind.VALUE, "value(@..name) == 'x', of a path"),
    }
)  # fmt: skip


def length(value: JSON | Nothing) -> int | Nothing:
    """Characters of a text, elements of an array, members of an object; of anything else nothing."""
    return len(value) if isinstance(value, str | list | dict) else NOTHING


def only(values: list[JSON]) -> JSON | Nothing:
    """The value where there is one and no more."""
    return values[0] if len(values) == 1 else NOTHING


def matches(scope: Scope, text: JSON | Nothing, pattern: JSON | Nothing, *, whole: bool) -> bool:
    """Whether an I-Regexp (RFC 9485) matches; no text and no pattern match nothing.

    Raises BodyRejected where the pattern cannot be run, or the patterns of a document need too much work.
    """
    if not isinstance(text, str) or not isinstance(pattern, str):
        return False
    search: Callable[[bytes], object] | None = scope.once(
        ("pattern", pattern, whole), lambda: _made(scope, pattern, whole)
    )
    if search is None:
        return False
    scope.spend(1 + len(text) // _LETTERS)
    raw = text.encode("utf-8", "surrogatepass")
    tried = len(raw) * width(pattern)
    if tried <= _MEASURED:
        return search(raw) is not None
    scope.afford(tried // _PLACES)
    return scope.timed(lambda: search(raw) is not None)


def _made(scope: Scope, pattern: str, whole: bool) -> Callable[[bytes], object] | None:
    scope.spend(_COMPILING)
    return scope.timed(lambda: compiled(pattern, whole))


def check_pattern(path: str, pattern: JSON) -> None:
    """A pattern that stands in a rule must be one: it would silently select nothing. Raises InterlockError."""
    if isinstance(pattern, str) and (why := unsupported(pattern)):
        hint = "patterns are I-Regexp (RFC 9485): [0-9] in place of \\d, \\p{L} for letters, \\\\. for a dot in quotes"
        raise refuse(path, why, hint)
