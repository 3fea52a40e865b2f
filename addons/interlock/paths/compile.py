"""From an operator's text to steps: jsonpath-ng parses, this module takes its tree apart.

Only the node types named here are accepted; a tree that holds anything else is refused.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from interlock.errors import InterlockError
from interlock.model import JSON
from interlock.paths.compare import NOTHING, Nothing, compare
from interlock.paths.matcher import Matcher
from interlock.paths.screen import refuse, screen
from interlock.paths.steps import Indices, Names, Predicate, Range, Selector, Step, Test, Wild

__all__ = ["read_steps"]

type _Value = Callable[[JSON, JSON], JSON | Nothing]

_ONE_NODE = "compare single values: names and single indices only, as in @.a.b[0] == 'x'"


def read_steps(text: str) -> tuple[Step, ...]:
    """The steps of a path. Raises InterlockError for what is not accepted."""
    tree = _parse(text, screen(text))
    root, steps = _Reader(text).query(tree)
    if root != "Root":
        raise refuse(text, "it does not begin with $", "as in $.customer.email")
    return steps


def _parse(text: str, screened: str) -> Any:
    # Imported here: the parser's tables cost 30 ms that a gateway without path rules need not pay.
    from jsonpath_ng.ext.parser import parse

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return parse(screened)
    except Exception as error:
        what = "it is not read by the parser"
        hint = "write one selector a bracket, no functions, no !( ), no mixed lists; RFC 9535 has the rest"
        raise refuse(text, what, hint) from error


class _Reader:
    """Takes one parsed tree apart."""

    def __init__(self, text: str) -> None:
        self._text = text

    def query(self, tree: Any) -> tuple[str, tuple[Step, ...]]:
        """Where a query starts (Root or This) and its steps."""
        steps: list[Step] = []
        start = ""
        todo: list[tuple[Any, bool]] = [(tree, False)]
        while todo:
            node, descend = todo.pop()
            kind = type(node).__name__
            if kind in ("Child", "Descendants"):
                # Both lean either way: `$..a.*` is Descendants($, Child(a, *)); the step after `..` is the leftmost.
                todo += [(node.right, kind == "Descendants"), (node.left, descend)]
            elif kind in ("Root", "This") and not start:
                start = kind
            elif start:
                steps.append(Step(self._selector(node), descend))
            else:
                raise self._unknown(node)
        return start, tuple(steps)

    def _unknown(self, tree: Any) -> InterlockError:
        return refuse(self._text, f"{type(tree).__name__} is not JSONPath (RFC 9535)", "as in $..card.number")

    def _selector(self, tree: Any) -> Selector:
        match type(tree).__name__:
            case "Fields":
                names = frozenset(map(str, tree.fields))
                if len(names) < len(tree.fields):
                    raise refuse(self._text, "a name stands twice in one bracket", "name it once")
                return Names(names)
            case "Wildcard":
                return Wild()
            case "Index":
                return Indices(tuple(int(index) for index in tree.indices))
            case "Slice":
                return Range(tree.start, tree.end, 1 if tree.step is None else int(tree.step))
            case "Filter":
                return Test(self._all(tree.expressions), any(map(self._objects, tree.expressions)))
        raise self._unknown(tree)

    def _all(self, trees: list[Any]) -> Predicate:
        parts = tuple(self._predicate(tree) for tree in trees)
        if not parts:
            raise refuse(self._text, "a filter is empty", "as in [?@.type == 'ssn']")
        if len(parts) == 1:
            return parts[0]
        return lambda root, node: all(part(root, node) for part in parts)

    def _predicate(self, tree: Any) -> Predicate:
        match type(tree).__name__:
            case "And":
                return self._all(tree.operands)
            case "Or":
                parts = tuple(self._predicate(part) for part in tree.operands)
                return lambda root, node: any(part(root, node) for part in parts)
            case "Expression":
                return self._expression(tree)
        raise self._unknown(tree)

    def _objects(self, tree: Any) -> bool:
        """Whether only an object can fulfil an expression, so that nothing else need be tried."""
        match type(tree).__name__:
            case "And":
                return any(map(self._objects, tree.operands))
            case "Or":
                return all(map(self._objects, tree.operands))
        if tree.op in ("!", "!=") or type(tree.value).__name__ in ("Child", "This", "Root"):
            return False
        start, steps = self.query(tree.target)
        return start == "This" and bool(steps) and not steps[0].descend and isinstance(steps[0].selector, Names)

    def _expression(self, tree: Any) -> Predicate:
        if tree.op is None:
            return self._exists(tree.target)
        if tree.op == "!":
            exists = self._exists(tree.target)
            return lambda root, node: not exists(root, node)
        if tree.op not in ("==", "!=", "<", "<=", ">", ">="):
            raise refuse(self._text, f"the operator {tree.op} is not JSONPath", "compare with ==, !=, <, <=, > or >=")
        operator: str = tree.op
        left = self._single(tree.target)
        if tree.value is None or isinstance(tree.value, bool | int | float | str):
            literal: JSON = tree.value
            name = self._only_name(tree.target)
            if operator == "==" and isinstance(literal, str) and name is not None:
                # The most frequent filter; a string equals nothing but a string, so Python's == is RFC 9535's.
                return lambda root, node: type(node) is dict and node.get(name) == literal
            return lambda root, node: compare(operator, left(root, node), literal)
        right = self._single(tree.value)
        return lambda root, node: compare(operator, left(root, node), right(root, node))

    def _only_name(self, tree: Any) -> str | None:
        start, steps = self.query(tree)
        if start == "This" and len(steps) == 1 and _is_single(steps[0]):
            key = _key(steps[0].selector)
            return key if isinstance(key, str) else None
        return None

    def _exists(self, tree: Any) -> Predicate:
        start, steps = self.query(tree)
        if not steps:
            return lambda root, node: True
        if all(_is_single(step) for step in steps):
            value = self._single(tree)
            return lambda root, node: value(root, node) is not NOTHING
        if start == "Root":
            # It would be searched again for every candidate, which grows with the square of the document.
            raise refuse(self._text, "a filter searches the whole document", "begin with @, or name one place from $")
        matcher = Matcher((steps,))
        return lambda root, node: bool(matcher.select(node))

    def _single(self, tree: Any) -> _Value:
        """The one value of a singular query (RFC 9535, section 2.3.5.1), or NOTHING."""
        start, steps = self.query(tree)
        if not all(_is_single(step) for step in steps):
            raise refuse(self._text, "a comparison needs one value on each side", _ONE_NODE)
        keys = tuple(_key(step.selector) for step in steps)
        if start == "This" and len(keys) == 1 and isinstance(keys[0], str):
            only = keys[0]
            return lambda root, node: node.get(only, NOTHING) if type(node) is dict else NOTHING
        from_root = start == "Root"
        return lambda root, node: _walk(root if from_root else node, keys)


def _is_single(step: Step) -> bool:
    selector = step.selector
    if step.descend:
        return False
    if isinstance(selector, Names):
        return len(selector.names) == 1
    return isinstance(selector, Indices) and len(selector.indices) == 1


def _key(selector: Selector) -> str | int:
    if isinstance(selector, Names):
        return next(iter(selector.names))
    return selector.indices[0] if isinstance(selector, Indices) else 0


def _walk(node: JSON, keys: tuple[str | int, ...]) -> JSON | Nothing:
    for key in keys:
        if type(node) is dict and isinstance(key, str):
            if key not in node:
                return NOTHING
            node = node[key]
        elif type(node) is list and isinstance(key, int):
            if not -len(node) <= key < len(node):
                return NOTHING
            node = node[key]
        else:
            return NOTHING
    return node
