"""Runs all paths over a document in one traversal, without recursion.

A subtree that no path can select from is not entered, and where nothing but what lies deeper can be selected, nothing
but containers is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths.automaton import Automaton, State
from interlock.paths.location import Location
from interlock.paths.nodes import MAX_DEPTH
from interlock.paths.scope import Scope
from interlock.paths.steps import Step
from interlock.reasons import Reason

__all__ = ["MAX_DEPTH", "Matcher"]

_CONTAINERS = frozenset((dict, list))

type _Link = tuple[_Link | None, str | int, int]
type _Found = list[tuple[int, Location, JSON]]
type _Entry = tuple[JSON, State, _Link | None]


class Matcher:
    """Several paths as one automaton. Safe to share between threads."""

    __slots__ = ("_automaton",)

    def __init__(self, paths: Sequence[tuple[Step, ...]]) -> None:
        self._automaton = Automaton(paths)

    def select(self, document: JSON) -> list[tuple[int, Location, JSON]]:
        """Every (path index, location, value), each once. Raises BodyRejected for a document nested too deeply."""
        found: list[tuple[int, Location, JSON]] = []
        start, expand = self._automaton.start, self._automaton.expand
        if start is None:
            return found
        found.extend((index, (), document) for index in start.accepts)
        scope = Scope(document)
        stack: list[_Entry] = [(document, start, None)]
        while stack:
            node, state, link = stack.pop()
            if not state.ready:
                expand(state)
            if type(node) is dict:
                if state.tests:
                    self._children(scope, node, node.items(), state, link, found, stack)
                elif not state.plain or not state.wanted.isdisjoint(node):
                    _members(node, state, link, found, stack)
                elif state.other is not None and state.other.live:
                    _below_all(node.items(), state.other, link, stack)
            elif type(node) is list:
                if state.tests or (state.picks and any(pick.touches(len(node)) for _, pick in state.picks)):
                    self._children(scope, node, enumerate(node), state, link, found, stack)
                elif state.element is None:
                    continue
                elif state.plain:
                    _below_all(enumerate(node), state.element, link, stack)
                else:
                    _elements(node, state.element, link, found, stack)
        return found

    def _children(
        self,
        scope: Scope,
        node: dict[str, JSON] | list[JSON],
        pairs: Iterable[tuple[Any, JSON]],
        state: State,
        link: _Link | None,
        found: _Found,
        stack: list[_Entry],
    ) -> None:
        length = len(node)
        is_list = isinstance(node, list)
        tests, any_kind = state.tests, state.any_kind
        for key, child in pairs:
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
                following = self._automaton.move(state, None if is_list else key, mask)
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


def _members(node: dict[str, JSON], state: State, link: _Link | None, found: _Found, stack: list[_Entry]) -> None:
    """An object, and nothing to judge but the names of its members."""
    names, other = state.names, state.other
    for key, child in node.items():
        following = names.get(key, other)
        if following is None:
            continue
        if following.accepts:
            _child(key, child, following, link, found, stack)
        elif type(child) in _CONTAINERS and child:  # without accepting, a state is alive
            stack.append((child, following, _below(link, key)))


def _elements(node: list[JSON], state: State, link: _Link | None, found: _Found, stack: list[_Entry]) -> None:
    """An array, and all elements of it alike are chosen."""
    for index, child in enumerate(node):
        _child(index, child, state, link, found, stack)


def _child(
    key: str | int, child: JSON, following: State, link: _Link | None, found: _Found, stack: list[_Entry]
) -> None:
    deeper = following.live and type(child) in _CONTAINERS and child
    if not deeper and not following.accepts:
        return
    here = _below(link, key)
    for index in following.accepts:
        found.append((index, _location(here), child))
    if deeper:
        stack.append((child, following, here))


def _below_all(pairs: Iterable[tuple[str | int, JSON]], state: State, link: _Link | None, stack: list[_Entry]) -> None:
    """The frequent case: nothing here is chosen, but something below may be."""
    depth = 1 if link is None else link[2] + 1
    if depth > MAX_DEPTH:
        if any(type(child) in _CONTAINERS and child for _, child in pairs):
            raise _too_deep()
        return
    for key, child in pairs:
        kind = type(child)
        if (kind is dict or kind is list) and child:
            stack.append((child, state, (link, key, depth)))


def _too_deep() -> BodyRejected:
    return BodyRejected(Reason.BODY_UNPARSABLE, f"the document is nested deeper than {MAX_DEPTH} levels")


def _below(link: _Link | None, key: str | int) -> _Link:
    depth = 1 if link is None else link[2] + 1
    if depth > MAX_DEPTH:
        raise _too_deep()
    return (link, key, depth)


def _location(link: _Link | None) -> Location:
    parts: list[str | int] = []
    while link is not None:
        parts.append(link[1])
        link = link[0]
    return tuple(reversed(parts))
