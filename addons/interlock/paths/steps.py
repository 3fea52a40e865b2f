"""A path in the form the matcher runs: steps, each with its selectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interlock.model import JSON
from interlock.paths.scope import Scope

__all__ = ["Index", "Name", "Predicate", "Selector", "Slice", "Step", "Test", "Wild"]

type Predicate = Callable[[Scope, JSON], bool]
"""Called with what is known of the whole document, and the candidate."""


@dataclass(frozen=True, slots=True)
class Name:
    """The member with this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Wild:
    """Every member of an object and every element of an array."""


@dataclass(frozen=True, slots=True)
class Index:
    """One element by position; a negative one counts from the end."""

    index: int

    def holds(self, index: int, length: int) -> bool:
        """Whether the element at `index` of an array of `length` is selected."""
        return index == self.index or index - length == self.index

    def touches(self, length: int) -> bool:
        """Whether any element of an array of `length` is selected."""
        return -length <= self.index < length


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice as RFC 9535, section 2.3.4 has it; a step of 0 selects nothing."""

    start: int | None
    stop: int | None
    step: int = 1

    def places(self, length: int) -> range:
        """The elements of an array of `length` that are selected, in their order."""
        return range(*slice(self.start, self.stop, self.step).indices(length)) if self.step else range(0)

    def holds(self, index: int, length: int) -> bool:
        """Whether the element at `index` of an array of `length` is selected."""
        return index in self.places(length)

    def touches(self, length: int) -> bool:
        """Whether any element of an array of `length` is selected."""
        return bool(self.places(length))


@dataclass(frozen=True, slots=True)
class Test:
    """Members and elements for which the filter's expression is true. `objects`: it never is but for objects."""

    predicate: Predicate
    objects: bool = False


type Selector = Name | Wild | Index | Slice | Test


@dataclass(frozen=True, slots=True)
class Step:
    """One segment: its selectors, applied to children, or with `descend` at every depth."""

    selectors: tuple[Selector, ...]
    descend: bool = False
