"""JSONPath (RFC 9535): jsonpath-ng parses an operator's rule, our one-pass matcher runs it.

What jsonpath-ng reads wrongly or not at all is refused at load, with a way to write it instead.
"""

from __future__ import annotations

from collections.abc import Sequence

from interlock.model import JSON
from interlock.paths.compile import read_steps
from interlock.paths.containers import Containers
from interlock.paths.direct import anywhere, deep_parts, direct_parts, looked_up
from interlock.paths.location import Location, pointer
from interlock.paths.matcher import Matcher
from interlock.paths.needles import Needle, Needles
from interlock.paths.steps import Step

__all__ = ["Containers", "Location", "Path", "PathSet", "compile_path", "pointer"]

_MAX_SUBSETS = 64
_SMALL = 4096
_FEW = 12
"""More places than these are found faster in one traversal than one by one."""


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
    """Several paths that are run together: single places are looked up, the rest is found in one traversal."""

    __slots__ = ("_needles", "_some", "paths")

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = tuple(paths)
        self._needles = Needles([path.needles for path in self.paths])
        self._some: dict[tuple[int, ...], _Some] = {}
        self._only(tuple(range(len(self.paths))))

    @property
    def needles(self) -> tuple[str, ...]:
        """RE2 patterns of what has to stand in a body for one path or another to select something in it."""
        return self._needles.patterns

    def select(
        self,
        document: JSON,
        body: bytes | None = None,
        present: frozenset[int] | None = None,
        containers: Containers | None = None,
    ) -> list[tuple[int, Location, JSON]]:
        """As Path.select, with the index of the path that selected each value.

        All paths select on the document as it is: no path sees what another one would change. `body` is the text that
        the document was read from: paths whose names do not stand in it are not run. `present` are the numbers of the
        `needles` that occur in it, where they were asked already, and `containers` the document's, if somebody else
        asks for them, too.
        """
        if body is None or (b"\\" in body and b"\\u" in body):
            numbers = tuple(range(len(self.paths)))
        else:
            numbers = self._needles.possible(body, present)
            if not numbers:
                return []
        if body is not None and len(body) < _SMALL:
            containers = containers or Containers(document)
        else:
            containers = None
        return (self._some.get(numbers) or self._only(numbers)).select(document, containers)

    def _only(self, numbers: tuple[int, ...]) -> _Some:
        some = _Some([(number, self.paths[number].steps) for number in numbers])
        if len(self._some) < _MAX_SUBSETS:
            self._some[numbers] = some
        return some


class _Some:
    """Some paths by number."""

    __slots__ = ("_deep", "_direct", "_matcher", "_names", "_numbers")

    def __init__(self, paths: Sequence[tuple[int, tuple[Step, ...]]]) -> None:
        ways = [(number, parts) for number, steps in paths if (parts := direct_parts(steps)) is not None]
        self._direct = tuple(sorted(ways, key=lambda way: len(way[1]))) if len(ways) <= _FEW else ()
        known = {number for number, _ in self._direct}
        rest = [(number, steps) for number, steps in paths if number not in known]
        self._numbers = tuple(number for number, _ in rest)
        self._matcher = Matcher(tuple(steps for _, steps in rest)) if rest else None
        deep = [parts for _, steps in rest if (parts := deep_parts(steps)) is not None]
        self._deep = tuple(deep) if len(deep) == len(rest) <= _FEW else ()
        self._names = frozenset(parts[0] for parts in self._deep)

    def select(self, document: JSON, containers: Containers | None) -> list[tuple[int, Location, JSON]]:
        """`containers` are given for a short document: there it takes less to see that there is nothing than to look
        for where it is.
        """
        found: list[tuple[int, Location, JSON]] = []
        for number, parts in self._direct:
            place = looked_up(document, parts)
            if place is not None:
                found.append((number, *place))
        if self._matcher is None:
            return found
        if containers is not None and self._deep and not anywhere(containers.listed(), self._deep, self._names):
            return found
        numbers = self._numbers
        found += [(numbers[number], place, value) for number, place, value in self._matcher.select(document)]
        if self._direct and len(found) > 1:
            found.sort(key=_depth)
        return found


def _depth(one: tuple[int, Location, JSON]) -> int:
    return len(one[1])


def compile_path(text: str) -> Path:
    """The path that `text` means. Raises InterlockError, whose hint says how to write it instead."""
    return Path(text, *read_steps(text))
