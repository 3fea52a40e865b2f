"""A path in the form the matcher runs: steps, each with one selector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from interlock.model import JSON

__all__ = ["Indices", "Names", "Predicate", "Range", "Selector", "Step", "Test", "Wild"]

type Predicate = Callable[[JSON, JSON], bool]
"""Called with the whole document and the candidate."""


@dataclass(frozen=True, slots=True)
class Names:
    """Members with one of these names."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Wild:
    """Every member of an object and every element of an array."""


@dataclass(frozen=True, slots=True)
class Indices:
    """Elements by position; negative ones count from the end."""

    indices: tuple[int, ...]

    def holds(self, index: int, length: int) -> bool:
        """Whether the element at `index` of an array of `length` is selected."""
        return index in self.indices or index - length in self.indices


@dataclass(frozen=True, slots=True)
class Range:
    """A slice as RFC 9535, section 2.3.4 has it; a step of 0 selects nothing."""

    start: int | None
    stop: int | None
    step: int

    def holds(self, index: int, length: int) -> bool:
        """Whether the element at `index` of an array of `length` is selected."""
        return self.step != 0 and index in range(*slice(self.start, self.stop, self.step).indices(length))


@dataclass(frozen=True, slots=True)
class Test:
    """Members and elements for which the filter's expression is true. `objects`: it never is but for objects."""

    predicate: Predicate
    objects: bool = False


type Selector = Names | Wild | Indices | Range | Test


@dataclass(frozen=True, slots=True)
class Step:
    """One segment: its selector, applied to children, or with `descend` at every depth."""

    selector: Selector
    descend: bool = False
