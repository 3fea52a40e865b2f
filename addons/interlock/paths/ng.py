"""jsonpath-ng as the reader of rules: it parses, this module takes its tree apart.

Only texts that passed the screen get here, and only the node types named here are accepted.
"""

from __future__ import annotations

import warnings
from typing import Any

from interlock.paths.steps import Index, Name, Slice, Wild
from interlock.paths.syntax import And, Choice, Comparison, Exists, Filter, Literal, Logical, Not, Or, Query, Segment

__all__ = ["parse"]


class _Unknown(Exception):
    """jsonpath-ng gives something that is not known here."""


def parse(screened: str) -> Query | None:
    """What a path means; None where jsonpath-ng does not read it, or not as RFC 9535 has it."""
    # Imported here: the parser's tables cost 30 ms that a gateway without path rules need not pay.
    from jsonpath_ng.ext.parser import parse as parsed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = parsed(screened)
        query = _query(tree)
    except Exception:  # of whatever kind: our own parser reads it then, or refuses it
        return None
    return query if query.absolute else None


def _query(tree: Any) -> Query:
    segments: list[Segment] = []
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
            segments.append(Segment(_choices(node), descend))
        else:
            raise _Unknown
    return Query(start == "Root", tuple(segments))


def _choices(tree: Any) -> tuple[Choice, ...]:
    match type(tree).__name__:
        case "Fields":
            return tuple(Name(str(name)) for name in tree.fields)
        case "Wildcard":
            return (Wild(),)
        case "Index":
            return tuple(Index(int(index)) for index in tree.indices)
        case "Slice":
            return (Slice(tree.start, tree.end, 1 if tree.step is None else int(tree.step)),)
        case "Filter":
            return (Filter(_all([_logical(part) for part in tree.expressions])),)
    raise _Unknown


def _all(parts: list[Logical]) -> Logical:
    if not parts:
        raise _Unknown
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _logical(tree: Any) -> Logical:
    match type(tree).__name__:
        case "And":
            return _all([_logical(part) for part in tree.operands])
        case "Or":
            return Or(tuple(_logical(part) for part in tree.operands))
        case "Expression":
            return _expression(tree)
    raise _Unknown


def _expression(tree: Any) -> Logical:
    target = _query(tree.target)
    if tree.op is None:
        return Exists(target)
    if tree.op == "!":
        return Not(Exists(target))
    value = tree.value
    literal = value is None or isinstance(value, bool | int | float | str)
    right = Literal(value) if literal else _query(value)
    if tree.op not in ("==", "!=", "<", "<=", ">", ">=") or not target.singular:
        raise _Unknown
    if isinstance(right, Query) and not right.singular:
        raise _Unknown
    return Comparison(tree.op, target, right)
