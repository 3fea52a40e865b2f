"""A path as it was read (RFC 9535): what both readers, jsonpath-ng and our own, give, and the compiler takes."""

from __future__ import annotations

from dataclasses import dataclass

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.paths.steps import Index, Name, Slice, Wild

__all__ = ["MAX_NESTING", "MAX_TEXT", "And", "Call", "Choice", "Comparison", "Exists", "Filter", "Literal", "Logical",
           "Not", "Operand", "Or", "Query", "Segment", "refuse"]  # fmt: skip

MAX_TEXT = 4000
"""Characters of the longest path."""
MAX_NESTING = 24
"""Brackets and parentheses inside each other."""


@dataclass(frozen=True, slots=True)
class Query:
    """A path from the whole document (`$`) or from the candidate of a filter (`@`)."""

    absolute: bool
    segments: tuple[Segment, ...] = ()

    @property
    def singular(self) -> bool:
        """Whether it selects one value at most (RFC 9535, section 2.3.5.1)."""
        return all(
            not segment.descend and len(segment.choices) == 1 and isinstance(segment.choices[0], Name | Index)
            for segment in self.segments
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """What is chosen of the children, or with `descend` at every depth."""

    choices: tuple[Choice, ...]
    descend: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """Those for which an expression holds."""

    test: Logical


@dataclass(frozen=True, slots=True)
class Literal:
    """Text, a number, true, false or null in a comparison."""

    value: JSON


@dataclass(frozen=True, slots=True)
class Call:
    """One of the functions of RFC 9535, section 2.4; its arguments have the types it asks for."""

    name: str
    arguments: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left operator right`, each side one value at most."""

    operator: str
    left: Operand
    right: Operand


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether a query selects anything."""

    query: Query


@dataclass(frozen=True, slots=True)
class Not:
    """Whether the part does not hold."""

    part: Logical


@dataclass(frozen=True, slots=True)
class And:
    """Whether all parts hold."""

    parts: tuple[Logical, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Whether any part holds."""

    parts: tuple[Logical, ...]


type Choice = Name | Wild | Index | Slice | Filter
type Operand = Literal | Query | Call
type Logical = And | Or | Not | Exists | Comparison | Call


def refuse(text: str, what: str, hint: str) -> InterlockError:
    """The error for a path that is not accepted."""
    return InterlockError(f"JSONPath {text!r} is not accepted: {what}", hint=hint)
