"""JSONPath (RFC 9535): jsonpath-ng parses an operator's rule, our one-pass matcher runs it.

What jsonpath-ng reads wrongly or not at all is refused at load, with a way to write it instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from interlock.model import JSON
from interlock.paths.compile import read_steps
from interlock.paths.location import Location, pointer
from interlock.paths.matcher import Matcher
from interlock.paths.steps import Step

__all__ = ["Location", "Path", "PathSet", "compile_path", "pointer"]


class Path:
    """One compiled JSONPath; `text` is how the operator wrote it."""

    __slots__ = ("_matcher", "steps", "text")

    def __init__(self, text: str, steps: tuple[Step, ...]) -> None:
        self.text = text
        self.steps = steps
        self._matcher = Matcher((steps,))

    def select(self, document: JSON) -> list[tuple[Location, JSON]]:
        """Every selected value once, with its location; parents before children, otherwise in no promised order.

        Raises BodyRejected when the document is nested too deeply to be searched.
        """
        return [(location, value) for _, location, value in self._matcher.select(document)]

    def __repr__(self) -> str:
        return f"Path({self.text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Path) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


class PathSet:
    """Several paths that are run in one traversal of a document."""

    __slots__ = ("_matcher", "paths")

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self._matcher = Matcher(tuple(path.steps for path in self.paths))

    def select(self, document: JSON) -> list[tuple[int, Location, JSON]]:
        """As Path.select, with the index of the path that selected each value.

        All paths select on the document as it is: no path sees what another one would change.
        """
        return self._matcher.select(document)


def compile_path(text: str) -> Path:
    """The path that `text` means. Raises InterlockError, whose hint says how to write it instead."""
    return Path(text, read_steps(text))
