"""The nodes that a query inside a filter selects, each as often as RFC 9535 counts it."""

from __future__ import annotations

from collections.abc import Iterator

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths.scope import Scope
from interlock.paths.steps import Index, Name, Selector, Slice, Step, Test
from interlock.reasons import Reason

__all__ = ["MAX_DEPTH", "nodes"]

_ASKING, _JUDGING = 2, 3
"""What a selector, and a filter's look at one child, count as in values passed over."""

MAX_DEPTH = 500
"""Deeper documents are rejected: no honest one comes near, and other readers would stumble."""


def nodes(scope: Scope, node: JSON, steps: tuple[Step, ...], at: int = 0) -> Iterator[JSON]:
    """Values in document order of each step. Raises BodyRejected for too much depth or work."""
    if at == len(steps):
        yield node
        return
    step = steps[at]
    for holder in _holders(scope, node) if step.descend else (node,):
        for selector in step.selectors:
            for child in _chosen(scope, holder, selector):
                yield from nodes(scope, child, steps, at + 1)


def _holders(scope: Scope, node: JSON) -> Iterator[JSON]:
    """The node and all containers below it."""
    stack = [(node, 0)]
    while stack:
        holder, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise BodyRejected(Reason.BODY_UNPARSABLE, f"the document is nested deeper than {MAX_DEPTH} levels")
        yield holder
        children = holder.values() if type(holder) is dict else holder if type(holder) is list else ()
        scope.spend(1 + len(children))
        stack += [(child, depth + 1) for child in children if type(child) is dict or type(child) is list]


def _chosen(scope: Scope, node: JSON, selector: Selector) -> Iterator[JSON]:
    scope.spend(_ASKING)
    if type(node) is dict:
        if isinstance(selector, Name):
            if selector.name in node:
                yield node[selector.name]
            return
        if isinstance(selector, Index | Slice):
            return
        children = list(node.values())
    elif type(node) is list:
        children = node
        if isinstance(selector, Index):
            if -len(node) <= selector.index < len(node):
                yield node[selector.index]
            return
        if isinstance(selector, Slice):
            children = [node[index] for index in selector.places(len(node))]
        elif isinstance(selector, Name):
            return
    else:
        return
    scope.spend(len(children) * (_JUDGING if isinstance(selector, Test) else 1))
    for child in children:
        if not isinstance(selector, Test) or selector.predicate(scope, child):
            yield child
