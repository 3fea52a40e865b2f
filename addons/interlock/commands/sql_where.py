"""Whether a condition leaves anything out.

A condition that names no column of a row is true for all rows or for none; so are some that do: `id = id`,
`x IS NULL OR x IS NOT NULL`. What is always true counts as no condition at all. `id > 0` counts too: it says "all" to
servers that insist on a WHERE.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_comparisons import column_name, covers, is_id, number, same
from interlock.commands.sql_selves import all_of_itself, at_its_end, counted, finds_itself, meets_itself
from interlock.commands.sql_trials import Budget, holds_for_all

__all__ = ["always_empty", "always_true", "filters"]

_ALL = frozenset(("", ".*", "^", "$", "^.*", ".*$", "^.*$", ".?", ".+"))
_LIKE = (exp.Like, exp.ILike, exp.SimilarTo)
_ORDERS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_MAX_DEPTH = 40
_MOST_ROWS = 2.0**31 - 1


def filters(statement: Any) -> bool:
    """Whether an UPDATE, DELETE or MERGE leaves any row out: by its WHERE, or by what an inner join asks for."""
    if isinstance(statement, exp.Merge):
        on = statement.args.get("on")
        return (
            not always_true(on)
            and not meets_itself(statement)
            and not any(map(_unmatched, statement.find_all(exp.When)))
        )
    where = statement.args.get("where")
    if where is not None:
        return not always_true(where) and not meets_itself(statement)
    sources = [statement.this, getattr(statement.args.get("from_"), "this", None), statement]
    joins = [join for source in sources if source is not None for join in source.args.get("joins") or ()]
    if isinstance(statement, exp.Delete):
        return any(_narrows(join) and not _only_pairs(join) for join in joins)
    return any(_narrows(join) for join in joins)


def _only_pairs(join: Any) -> bool:
    """Whether an inner join takes a whole table and only says which rows belong together: no row need be left out."""
    if not isinstance(join.this, exp.Table):
        return False
    on = join.args.get("on")
    parts = on.flatten() if isinstance(on, exp.And) else [on]
    return on is None or all(
        isinstance(one, exp.EQ) and column_name(one.this) and column_name(one.expression) for one in parts
    )


def _unmatched(when: Any) -> bool:
    """WHEN NOT MATCHED BY SOURCE without more to it: every row that the source does not name, which may be all."""
    return bool(when.args.get("source")) and (
        when.args.get("condition") is None or always_true(when.args.get("condition"))
    )


def _narrows(join: Any) -> bool:
    if join.side or str(join.kind).upper() in ("CROSS", "OUTER"):
        return False
    return bool(join.args.get("using")) or (join.args.get("on") is not None and not always_true(join.args["on"]))


def always_true(node: Any, depth: int = 0, budget: Budget | None = None) -> bool:
    """Whether a condition is true whatever the row holds: `1=1`, `'a'='a'`, `x OR true`, `NOT false`, `id=id`."""
    budget = budget or Budget()
    if node is None or depth > _MAX_DEPTH:
        return depth > _MAX_DEPTH
    if isinstance(node, exp.Where | exp.Paren | exp.Escape):
        return always_true(node.this, depth + 1, budget)
    if isinstance(node, exp.Not):
        if not _of_a_row(node.this):
            return not _is_proven(node.this, depth + 1)
        return _always_false(node.this, depth + 1, budget) or holds_for_all(node, budget)
    if isinstance(node, exp.Or):
        parts = budget.parts(node)
        return (
            any(always_true(part, depth + 1, budget) for part in parts) or covers(parts) or holds_for_all(node, budget)
        )
    if isinstance(node, exp.And):
        return all(always_true(part, depth + 1, budget) for part in budget.parts(node))
    if not _of_a_row(node):
        return not _always_false(node, depth + 1, budget)
    return is_id(node) or _compares_true(node) or at_its_end(node) or counted(node) or holds_for_all(node, budget)


def always_empty(query: Any) -> bool:
    """Whether a table made of a query keeps no row of another: there is no query, it reads nothing or takes no row."""
    if not isinstance(query, exp.Select):
        return query is None or isinstance(query, exp.Values)
    limit, where = query.args.get("limit"), query.args.get("where")
    if isinstance(limit, exp.Limit) and number(limit.expression) == 0.0:
        return True
    return query.args.get("from_") is None or (where is not None and _always_false(where.this, 0))


def _always_false(node: Any, depth: int, budget: Budget | None = None) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if isinstance(node, exp.Paren):
        return _always_false(node.this, depth + 1, budget)
    if isinstance(node, exp.Not):
        return always_true(node.this, depth + 1, budget) if _of_a_row(node.this) else _is_proven(node.this, depth + 1)
    if isinstance(node, exp.And):
        return any(_always_false(part, depth + 1, budget) for part in node.flatten())
    if isinstance(node, exp.Or):
        return all(_always_false(part, depth + 1, budget) for part in node.flatten())
    if isinstance(node, exp.Boolean | exp.Null):
        return isinstance(node, exp.Null) or not node.this
    if isinstance(node, exp.Literal):
        return number(node) == 0.0
    return _compares_false(node)


def _is_proven(node: Any, depth: int) -> bool:
    """Whether a condition that looks at no row is certain to be true; what cannot be told is not."""
    if isinstance(node, exp.Paren):
        return _is_proven(node.this, depth + 1) if depth <= _MAX_DEPTH else False
    if isinstance(node, exp.Not):
        return _always_false(node.this, depth + 1)
    if isinstance(node, exp.And | exp.Or):
        tell = all if isinstance(node, exp.And) else any
        return tell(_is_proven(part, depth + 1) for part in node.flatten())
    if isinstance(node, exp.Boolean | exp.Literal):
        return bool(node.this) if isinstance(node, exp.Boolean) else number(node) not in (0.0, None)
    numbers = number(node.args.get("this")), number(node.args.get("expression"))
    return _compares_true(node) or (None not in numbers and isinstance(node, _ORDERS) and not _compares_false(node))


def _of_a_row(node: Any) -> bool:
    """Whether a condition looks at the row: it names a column outside of queries that stand alone."""
    return any(
        isinstance(part, exp.Column | exp.Command)
        or (isinstance(part, exp.Star) and not isinstance(part.parent, exp.Count))
        for part in node.walk()
    )


def _compares_true(node: Any) -> bool:
    left, right = node.args.get("this"), node.args.get("expression")
    if isinstance(node, exp.EQ | exp.GTE | exp.LTE | exp.NullSafeEQ | exp.Like | exp.ILike) and same(left, right):
        return True
    if isinstance(right, exp.Literal) and isinstance(node, _LIKE) and set(right.this) == {"%"}:
        return True
    if isinstance(right, exp.Literal) and isinstance(node, exp.RegexpLike | exp.RegexpILike) and right.this in _ALL:
        return True
    if isinstance(node, exp.Glob) and isinstance(right, exp.Literal) and set(right.this) == {"*"}:
        return True
    if isinstance(node, exp.Between):
        low, high = node.args.get("low"), node.args.get("high")
        lowest = number(low)
        most = is_id(left) and lowest is not None and lowest <= 1.0 and (number(high) or 0.0) >= _MOST_ROWS
        return most or (same(left, low) and same(left, high))
    if isinstance(node, exp.EQ) and isinstance(right, exp.Any):
        return all_of_itself(left, right.this)
    if isinstance(node, exp.NullSafeNEQ) and isinstance(right, exp.Null):
        return is_id(left)
    if isinstance(left, exp.Typeof) and isinstance(node, exp.NEQ) and isinstance(right, exp.Literal) and not right.this:
        return True
    if isinstance(left, exp.Length | exp.Abs) and (count := number(right)) is not None:
        return (isinstance(node, exp.GTE) and count <= 0) or (isinstance(node, exp.GT) and count < 0)
    if isinstance(node, exp.Is) and isinstance(right, exp.Null):
        return is_id(left) and bool(node.args.get("negate"))
    if isinstance(node, exp.In):
        return any(same(left, option) for option in node.expressions) or all_of_itself(
            left, node.args.get("query") or node.args.get("field")
        )
    if isinstance(node, exp.Exists) and finds_itself(node):
        return True
    if isinstance(node, exp.Exists):
        return not any(isinstance(part, exp.Where | exp.Having | exp.Join) for part in node.walk())
    return is_id(left) and (
        (isinstance(node, exp.GT) and number(right) in (0.0, -1.0))
        or (isinstance(node, exp.GTE) and number(right) in (0.0, 1.0, -1.0))
        or (isinstance(node, exp.NEQ) and number(right) in (0.0, -1.0))
    )


def _compares_false(node: Any) -> bool:
    left, right = node.args.get("this"), node.args.get("expression")
    if isinstance(node, exp.Is) and isinstance(right, exp.Null):
        told = isinstance(left, exp.Coalesce) and any(isinstance(part, exp.Literal) for part in left.expressions)
        return (is_id(left) or isinstance(left, exp.Literal) or told) and not node.args.get("negate")
    if isinstance(node, exp.NEQ | exp.LT | exp.GT) and same(left, right):
        return True
    if isinstance(node, exp.Exists):
        where = node.this.args.get("where") if isinstance(node.this, exp.Select) else None
        counts = where is not None and any(isinstance(one, exp.AggFunc) for one in node.this.expressions)
        return where is not None and not counts and _always_false(where.this, 0)
    if isinstance(node, exp.In) and is_id(left):
        listed = [number(one) for one in node.expressions or _constants(node.args.get("query"))]
        return bool(listed) and all(one is not None and one <= 0.0 for one in listed)
    a, b = number(left), number(right)
    if isinstance(node, exp.EQ) and isinstance(left, exp.Literal) and isinstance(right, exp.Literal) and a is None:
        return not same(left, right) and left.is_string == right.is_string
    if a is None or b is None:
        return False
    outcomes = {exp.EQ: a != b, exp.NEQ: a == b, exp.GT: a <= b, exp.GTE: a < b, exp.LT: a >= b, exp.LTE: a > b}
    return outcomes.get(type(node), False)


def _constants(query: Any) -> list[Any]:
    """What a query without a table gives: `(SELECT -1)`."""
    select = query.this if isinstance(query, exp.Subquery) else query
    return list(select.expressions) if isinstance(select, exp.Select) and select.args.get("from_") is None else []
