"""Comparisons and logic of SQL, which has three values, worked out for one row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from interlock.commands.sql_values import RULES, Moment, Row, Untold, is_date, text, truth, value

__all__ = ["holds"]


def holds(condition: Any, row: Row) -> bool:
    """Whether a row fulfils a condition; NULL is no. Raises Untold."""
    return truth(condition, row) is True


def _pair(left: Any, right: Any) -> tuple[Any, Any]:
    """Two values that can be compared."""
    if isinstance(left, Moment) or isinstance(right, Moment):
        if not all(isinstance(one, Moment) or (isinstance(one, str) and is_date(one)) for one in (left, right)):
            raise Untold
        return str(left).replace("T", " "), str(right).replace("T", " ")
    if isinstance(left, str) is not isinstance(right, str) or isinstance(left, bool) is not isinstance(right, bool):
        raise Untold
    return left, right


def _compare(apply: Callable[[Any, Any], bool]) -> Callable[[Any, Row], bool | None]:
    def run(node: Any, row: Row) -> bool | None:
        if isinstance(node.expression, exp.All) and isinstance(node.expression.this, exp.Select):
            return _none_of(node.expression.this)
        left, right = value(node.this, row), value(node.expression, row)
        return None if left is None or right is None else apply(*_pair(left, right))

    return run


_EQUAL = _compare(lambda a, b: a == b)


def _none_of(query: Any) -> bool:
    """That something holds for all rows of a query is true where there are none: `> ALL (SELECT 1 WHERE false)`."""
    where = query.args.get("where")
    plain = query.args.get("from_") is None and not any(isinstance(one, exp.AggFunc) for one in query.expressions)
    if not plain or where is None or value(where.this, {}) is not False:
        raise Untold
    return True


def _equal(no: bool) -> Callable[[Any, Row], bool]:
    """Equality in which NULL equals NULL."""

    def run(node: Any, row: Row) -> bool:
        left, right = value(node.this, row), value(node.expression, row)
        if left is None or right is None:
            return (left is right) is not no
        left, right = _pair(left, right)
        return (left == right) is not no

    return run


def _is(node: Any, row: Row) -> bool:
    found, no = value(node.this, row), bool(node.args.get("negate"))
    if isinstance(node.expression, exp.Null):
        return (found is None) is not no
    if isinstance(node.expression, exp.Boolean):
        return (truth(node.this, row) is bool(node.expression.this)) is not no
    raise Untold


def _not(node: Any, row: Row) -> bool | None:
    found = truth(node.this, row)
    return None if found is None else not found


def _and(node: Any, row: Row) -> bool | None:
    parts = [truth(part, row) for part in node.flatten()]
    return False if False in parts else None if None in parts else True


def _or(node: Any, row: Row) -> bool | None:
    parts = [truth(part, row) for part in node.flatten()]
    return True if True in parts else None if None in parts else False


def _xor(node: Any, row: Row) -> bool | None:
    left, right = truth(node.this, row), truth(node.expression, row)
    return None if left is None or right is None else left is not right


def _nullif(node: Any, row: Row) -> Any:
    return None if _EQUAL(node, row) else value(node.this, row)


def _in(node: Any, row: Row) -> bool | None:
    query = node.args.get("query")
    if query is not None:
        _none_of(query.this if isinstance(query, exp.Subquery) else query)
        return False
    left = value(node.this, row)
    listed = [value(one, row) for one in node.expressions]
    if not listed or left is None:
        raise Untold
    found = any(left == right for left, right in (_pair(left, one) for one in listed if one is not None))
    return True if found else None if None in listed else False


def _between(node: Any, row: Row) -> bool | None:
    found, low, high = (value(node.args[part], row) for part in ("this", "low", "high"))
    if found is None or low is None or high is None:
        return None
    low, high = (high, low) if node.args.get("symmetric") and low > high else (low, high)
    (left, least), (right, most) = _pair(found, low), _pair(found, high)
    return bool(least <= left and right <= most)


def _case(node: Any, row: Row) -> Any:
    for branch in node.args.get("ifs") or ():
        if node.this and isinstance(branch.this, exp.Null):
            continue
        if (
            node.this
            and (found := value(node.this, row)) is not None
            and (option := value(branch.this, row)) is not None
        ):
            left, right = _pair(found, option)
            if left == right:
                return value(branch.args["true"], row)
        elif not node.this and truth(branch.this, row):
            return value(branch.args["true"], row)
    return value(node.args["default"], row) if node.args.get("default") else None


def _if(node: Any, row: Row) -> Any:
    chosen = node.args.get("true") if truth(node.this, row) else node.args.get("false")
    return value(chosen, row) if chosen else None


def _coalesce(node: Any, row: Row) -> Any:
    for part in (node.this, *node.expressions):
        found = value(part, row)
        if found is not None:
            return found
    return None


def _like(node: Any, row: Row) -> bool | None:
    options = [node.expression]
    if isinstance(node.expression, exp.Any):
        inner = node.expression.this
        inner = inner.this if isinstance(inner, exp.Paren) else inner
        options = inner.expressions or [inner]
    found = [None if (pattern := text(one, row)) is None else _fits(node, pattern, row) for one in options]
    return True if True in found else None if None in found else False


def _fits(node: Any, pattern: str, row: Row) -> bool | None:
    """Patterns of `%` alone are told, and ones without any sign; all others depend on the database."""
    found = text(node.this, row)
    if found is None:
        return None
    if pattern and not pattern.strip("%"):
        return True
    if set(pattern) & set("%_\\[]"):
        raise Untold
    return bool(found.lower() == pattern.lower() if isinstance(node, exp.ILike) else found == pattern)


RULES.update({
    exp.EQ: _EQUAL, exp.NEQ: _compare(lambda a, b: a != b),
    exp.GT: _compare(lambda a, b: a > b), exp.GTE: _compare(lambda a, b: a >= b),
    exp.LT: _compare(lambda a, b: a < b), exp.LTE: _compare(lambda a, b: a <= b),
    exp.NullSafeEQ: _equal(False), exp.NullSafeNEQ: _equal(True), exp.EqualNull: _equal(False),
    exp.Is: _is, exp.Not: _not, exp.And: _and, exp.Or: _or, exp.Xor: _xor, exp.In: _in, exp.Between: _between,
    exp.Case: _case, exp.If: _if, exp.Coalesce: _coalesce, exp.Nullif: _nullif, exp.Like: _like, exp.ILike: _like,
})  # fmt: skip
