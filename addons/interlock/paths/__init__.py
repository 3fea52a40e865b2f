"""JSONPath (RFC 9535): jsonpath-ng parses an operator's rule, our one-pass matcher runs it.

What jsonpath-ng reads wrongly or not at all is refused at load, with a way to write it instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from interlock.model import JSON
from interlock.paths.compile import read_steps
from interlock.paths.location import Location, pointer
from interlock.paths.matcher import Matcher
from interlock.paths.needles import Needle, Needles
from interlock.paths.steps import Step

__all__ = ["Location", "Path", "PathSet", "compile_path", "pointer"]

_MAX_SUBSETS = 64


class Path:
    """One compiled JSONPath; `text` is how the operator wrote it."""

    __slots__ = ("_matcher", "needles", "steps", "text")

    def __init__(self, text: str, steps: tuple[Step, ...], needles: frozenset[Needle] = frozenset()) -> None:
        self.text = text
        self.steps = steps
        self.needles = needles
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

    __slots__ = ("_matcher", "_needles", "_some", "paths")

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self._matcher = Matcher(tuple(path.steps for path in self.paths))
        self._needles = Needles([path.needles for path in self.paths])
        self._some: dict[tuple[int, ...], Matcher] = {}

    def select(self, document: JSON, body: bytes | None = None) -> list[tuple[int, Location, JSON]]:
        """As Path.select, with the index of the path that selected each value.

        All paths select on the document as it is: no path sees what another one would change. `body` is the text that
        the document was read from: paths whose names do not stand in it are not run.
        """
        if body is None or b"\\u" in body:
            return self._matcher.select(document)
        numbers = self._needles.possible(body)
        if len(numbers) == len(self.paths):
            return self._matcher.select(document)
        if not numbers:
            return []
        matcher = self._some.get(numbers) or self._only(numbers)
        return [(numbers[number], place, value) for number, place, value in matcher.select(document)]

    def _only(self, numbers: tuple[int, ...]) -> Matcher:
        matcher = Matcher(tuple(self.paths[number].steps for number in numbers))
        if len(self._some) < _MAX_SUBSETS:
            self._some[numbers] = matcher
        return matcher


def compile_path(text: str) -> Path:
    """The path that `text` means. Raises InterlockError, whose hint says how to write it instead."""
    return Path(text, *read_steps(text))
