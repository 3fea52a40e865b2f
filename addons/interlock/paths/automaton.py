"""The automaton of several paths: what a value is an input to, and what its children are.

A state is the set of (path, step) pairs that a value is an input to; states and their moves are worked out when
first needed and kept. Filters, indices and slices are judged for each child and folded into the move as a bit mask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interlock.paths.steps import Index, Name, Slice, Step, Test, Wild

__all__ = ["Automaton", "State"]

_MAX_STATES = 4096

type _Item = tuple[int, int]


class State:
    """One state, with the moves out of it; `plain`: nothing but containers below matters where no name does."""

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
        "plain",
        "ready",
        "tests",
        "wanted",
    )

    def __init__(self, items: frozenset[_Item], accepts: tuple[int, ...], kept: bool) -> None:
        self.items = items
        self.accepts = accepts
        self.live = bool(items)
        self.kept = kept
        self.ready = False
        self.names: dict[str, State | None] = {}
        self.wanted: frozenset[str] = frozenset()
        self.other: State | None = None
        self.element: State | None = None
        self.tests: tuple[tuple[_Item, Test], ...] = ()
        self.any_kind = False
        self.plain = False
        self.picks: tuple[tuple[_Item, Index | Slice], ...] = ()
        self.moves: dict[tuple[str | None, int], State | None] = {}


class Automaton:
    """Safe to share between threads: states and moves are only ever added."""

    __slots__ = ("_paths", "_states", "start")

    def __init__(self, paths: Sequence[tuple[Step, ...]]) -> None:
        self._paths = tuple(paths)
        self._states: dict[tuple[frozenset[_Item], tuple[int, ...]], State] = {}
        self.start = self._state((index, 0) for index in range(len(self._paths)))

    def move(self, state: State, label: str | None, mask: int) -> State | None:
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

    def _items(self, state: State, label: str | None, mask: int) -> list[_Item]:
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

    def _state(self, items: Iterable[_Item]) -> State | None:
        """The state of these items; None where nothing can follow."""
        live: set[_Item] = set()
        accepts: set[int] = set()
        for path, position in items:
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
            state = State(*identity, kept)
            if kept:
                self._states[identity] = state
        return state

    def expand(self, state: State) -> None:
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
        state.wanted = frozenset(names)
        state.plain = state.other is None or not state.other.accepts
        state.ready = True
