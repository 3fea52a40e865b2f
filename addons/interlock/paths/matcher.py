"""Runs all paths over a document in one traversal.

A state is the set of (path, step) pairs that a value is an input to; states and their moves are worked out when
first needed and kept (a lazy automaton). Filters, indices and slices are judged for each child and folded into
the move as a bit mask. A subtree that no path can select from is not entered. No recursion.
"""

from __future__ import annotations

from collections.abc import Sequence

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths.location import Location
from interlock.paths.nodes import MAX_DEPTH
from interlock.paths.scope import Scope
from interlock.paths.steps import Index, Name, Slice, Step, Test, Wild
from interlock.reasons import Reason

__all__ = ["MAX_DEPTH", "Matcher"]

_MAX_STATES = 4096

type _Item = tuple[int, int]
type _Link = tuple[_Link | None, str | int, int]


class _State:
    """One state, with the moves out of it."""

    __slots__ = (
        "accepts",
        "any_kind",
        "element",
        "items",
        "kept",
        "live",
        "moves",
        "names",
        "other",
        "picks",
        "ready",
        "tests",
    )

    def __init__(self, items: frozenset[_Item], accepts: tuple[int, ...], kept: bool) -> None:
        self.items = items
        self.accepts = accepts
        self.live = bool(items)
        self.kept = kept
        self.ready = False
        self.names: dict[str, _State | None] = {}
        self.other: _State | None = None
        self.element: _State | None = None
        self.tests: tuple[tuple[_Item, Test], ...] = ()
        self.any_kind = False
        self.picks: tuple[tuple[_Item, Index | Slice], ...] = ()
        self.moves: dict[tuple[str | None, int], _State | None] = {}


class Matcher:
    """Several paths as one automaton. Safe to share between threads: moves are only ever added."""

    __slots__ = ("_paths", "_start", "_states")

    def __init__(self, paths: Sequence[tuple[Step, ...]]) -> None:
        self._paths = tuple(paths)
        self._states: dict[tuple[frozenset[_Item], tuple[int, ...]], _State] = {}
        self._start = self._state((index, 0) for index in range(len(self._paths)))

    def select(self, document: JSON) -> list[tuple[int, Location, JSON]]:
        """Every (path index, location, value), each once. Raises BodyRejected for a document nested too deeply."""
        found: list[tuple[int, Location, JSON]] = []
        start = self._start
        if start is None:
            return found
        found.extend((index, (), document) for index in start.accepts)
        scope = Scope(document)
        stack: list[tuple[JSON, _State, _Link | None]] = [(document, start, None)]
        while stack:
            node, state, link = stack.pop()
            if not state.ready:
                self._expand(state)
            if type(node) is dict:
                pairs: object = node.items()
                if not state.tests:
                    self._members(node, state, link, found, stack)
                    continue
            elif type(node) is list:
                pairs = enumerate(node)
                if state.element is None and not state.tests and not state.picks:
                    continue
            else:
                continue
            self._children(scope, node, pairs, state, link, found, stack)
        return found

    def _members(
        self,
        node: dict[str, JSON],
        state: _State,
        link: _Link | None,
        found: list[tuple[int, Location, JSON]],
        stack: list[tuple[JSON, _State, _Link | None]],
    ) -> None:
        """The frequent case: an object, and nothing to judge but the names of its members."""
        names, other = state.names, state.other
        for key, child in node.items():
            following = names.get(key, other)
            if following is None:
                continue
            kind = type(child)
            if following.accepts or ((kind is dict or kind is list) and following.live):
                here = _below(link, key)
                for index in following.accepts:
                    found.append((index, _location(here), child))
                if following.live and (kind is dict or kind is list) and child:
                    stack.append((child, following, here))

    def _children(
        self,
        scope: Scope,
        node: dict[str, JSON] | list[JSON],
        pairs: object,
        state: _State,
        link: _Link | None,
        found: list[tuple[int, Location, JSON]],
        stack: list[tuple[JSON, _State, _Link | None]],
    ) -> None:
        length = len(node)
        is_list = isinstance(node, list)
        tests, any_kind = state.tests, state.any_kind
        for key, child in pairs:  # type: ignore[attr-defined]
            mask = 0
            if tests and (any_kind or type(child) is dict):
                for bit, (_, test) in enumerate(tests):
                    if test.predicate(scope, child):
                        mask |= 1 << bit
            if is_list and state.picks:
                for bit, (_, pick) in enumerate(state.picks, len(state.tests)):
                    if pick.holds(key, length):
                        mask |= 1 << bit
            if mask:
                following = self._move(state, None if is_list else key, mask)
            else:
                following = state.element if is_list else state.names.get(key, state.other)
            if following is None:
                continue
            kind = type(child)
            deeper = (kind is dict or kind is list) and child and following.live
            if not deeper and not following.accepts:
                continue
            here = _below(link, key)
            for index in following.accepts:
                found.append((index, _location(here), child))
            if deeper:
                stack.append((child, following, here))

    def _move(self, state: _State, label: str | None, mask: int) -> _State | None:
        """The state after a child called `label` (None: an element) for which the tests in `mask` were true."""
        name = label if label is None or label in state.names else ""
        known = label is None or label in state.names
        memo = (name if known else "\0other", mask)
        if memo in state.moves:
            return state.moves[memo]
        following = self._state(self._items(state, label, mask))
        if state.kept:
            state.moves[memo] = following
        return following

    def _items(self, state: _State, label: str | None, mask: int) -> list[_Item]:
        items: list[_Item] = []
        judged = [item for item, _ in state.tests] + [item for item, _ in state.picks]
        taken = {item for bit, item in enumerate(judged) if mask >> bit & 1}
        for item in state.items:
            path, position = item
            step = self._paths[path][position]
            if step.descend:
                items.append(item)
            if item in taken or any(
                isinstance(selector, Wild) or (isinstance(selector, Name) and selector.name == label)
                for selector in step.selectors
            ):
                items.append((path, position + 1))
        return items

    def _state(self, items: object) -> _State | None:
        """The state of these items; None where nothing can follow."""
        live: set[_Item] = set()
        accepts: set[int] = set()
        for path, position in items:  # type: ignore[attr-defined]
            if position == len(self._paths[path]):
                accepts.add(path)
            else:
                live.add((path, position))
        if not live and not accepts:
            return None
        identity = (frozenset(live), tuple(sorted(accepts)))
        state = self._states.get(identity)
        if state is None:
            kept = len(self._states) < _MAX_STATES
            state = _State(*identity, kept)
            if kept:
                self._states[identity] = state
        return state

    def _expand(self, state: _State) -> None:
        """Work out what depends on no child: the names that matter, and which selectors must be judged."""
        tests: list[tuple[_Item, Test]] = []
        picks: list[tuple[_Item, Index | Slice]] = []
        names: set[str] = set()
        for item in sorted(state.items):
            for selector in self._paths[item[0]][item[1]].selectors:
                if isinstance(selector, Name):
                    names.add(selector.name)
                elif isinstance(selector, Test):
                    tests.append((item, selector))
                elif isinstance(selector, Index | Slice):
                    picks.append((item, selector))
        state.tests, state.picks = tuple(tests), tuple(picks)
        state.any_kind = not all(test.objects for _, test in tests)
        state.element = self._state(self._items(state, None, 0))
        state.other = state.element
        state.names = {name: self._state(self._items(state, name, 0)) for name in names}
        state.ready = True


def _below(link: _Link | None, key: str | int) -> _Link:
    depth = 1 if link is None else link[2] + 1
    if depth > MAX_DEPTH:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"the document is nested deeper than {MAX_DEPTH} levels")
    return (link, key, depth)


def _location(link: _Link | None) -> Location:
    parts: list[str | int] = []
    while link is not None:
        parts.append(link[1])
        link = link[0]
    return tuple(reversed(parts))
