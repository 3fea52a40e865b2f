"""Whether a condition leaves anything out.

A condition that names no column of a row is true for all rows or for none; so are some that do: `id = id`,
`x IS NULL OR x IS NOT NULL`. What is always true counts as no condition at all. `id > 0` counts too: it says "all" to
servers that insist on a WHERE.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import table_name

__all__ = ["always_empty", "always_true", "filters"]

_ALL = frozenset(("", ".*", "^", "$", "^.*", ".*$", "^.*$", ".?", ".+"))
_LIKE = (exp.Like, exp.ILike, exp.SimilarTo)
_MAX_DEPTH = 40
_MAX_PARTS = 64
_OPPOSITES = {exp.EQ: exp.NEQ, exp.GT: exp.LTE, exp.LT: exp.GTE}
_PAIRS = {**_OPPOSITES, **{right: left for left, right in _OPPOSITES.items()}}


def filters(statement: Any) -> bool:
    """Whether an UPDATE, DELETE or MERGE leaves any row out: by its WHERE, or by what an inner join asks for."""
    if isinstance(statement, exp.Merge):
        on = statement.args.get("on")
        return not always_true(on) and not any(map(_unmatched, statement.find_all(exp.When)))
    where = statement.args.get("where")
    if where is not None:
        return not always_true(where)
    sources = [statement.this, getattr(statement.args.get("from_"), "this", None), statement]
    joins = [join for source in sources if source is not None for join in source.args.get("joins") or ()]
    return any(_narrows(join) for join in joins)


def _unmatched(when: Any) -> bool:
    """WHEN NOT MATCHED BY SOURCE without more to it: every row that the source does not name, which may be all."""
    return bool(when.args.get("source")) and (
        when.args.get("condition") is None or always_true(when.args.get("condition"))
    )


def _narrows(join: Any) -> bool:
    if join.side or str(join.kind).upper() in ("CROSS", "OUTER"):
        return False
    return bool(join.args.get("using")) or (join.args.get("on") is not None and not always_true(join.args["on"]))


def always_true(node: Any, depth: int = 0) -> bool:
    """Whether a condition is true whatever the row holds: `1=1`, `'a'='a'`, `x OR true`, `NOT false`, `id=id`."""
    if node is None or depth > _MAX_DEPTH:
        return depth > _MAX_DEPTH
    if isinstance(node, exp.Where | exp.Paren | exp.Escape):
        return always_true(node.this, depth + 1)
    if isinstance(node, exp.Not):
        return _always_false(node.this, depth + 1)
    if isinstance(node, exp.Or):
        parts = list(node.flatten())
        return any(always_true(part, depth + 1) for part in parts) or _covers(parts)
    if isinstance(node, exp.And):
        return all(always_true(part, depth + 1) for part in node.flatten())
    if not _of_a_row(node):
        return not _always_false(node, depth + 1)
    return _is_id(node) or _compares_true(node)


def always_empty(query: Any) -> bool:
    """Whether a table made of a query keeps no row of another: there is no query, it reads nothing or takes no row."""
    if not isinstance(query, exp.Select):
        return query is None or isinstance(query, exp.Values)
    limit, where = query.args.get("limit"), query.args.get("where")
    if isinstance(limit, exp.Limit) and _number(limit.expression) == 0.0:
        return True
    return query.args.get("from_") is None or (where is not None and _always_false(where.this, 0))


def _always_false(node: Any, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if isinstance(node, exp.Paren):
        return _always_false(node.this, depth + 1)
    if isinstance(node, exp.Not):
        return always_true(node.this, depth + 1)
    if isinstance(node, exp.And):
        return any(_always_false(part, depth + 1) for part in node.flatten())
    if isinstance(node, exp.Or):
        return all(_always_false(part, depth + 1) for part in node.flatten())
    if isinstance(node, exp.Boolean | exp.Null):
        return isinstance(node, exp.Null) or not node.this
    if isinstance(node, exp.Literal):
        return _number(node) == 0.0
    return _compares_false(node)


def _of_a_row(node: Any) -> bool:
    """Whether a condition looks at the row: it names a column outside of queries that stand alone."""
    return any(
        isinstance(part, exp.Column | exp.Command)
        or (isinstance(part, exp.Star) and not isinstance(part.parent, exp.Count))
        for part in node.walk()
    )


def _compares_true(node: Any) -> bool:
    left, right = node.args.get("this"), node.args.get("expression")
    if isinstance(node, exp.EQ | exp.GTE | exp.LTE | exp.NullSafeEQ | exp.Like | exp.ILike) and _same(left, right):
        return True
    if isinstance(right, exp.Literal) and isinstance(node, _LIKE) and set(right.this) == {"%"}:
        return True
    if isinstance(right, exp.Literal) and isinstance(node, exp.RegexpLike | exp.RegexpILike) and right.this in _ALL:
        return True
    if isinstance(node, exp.Glob) and isinstance(right, exp.Literal) and set(right.this) == {"*"}:
        return True
    if isinstance(node, exp.Between):
        return _same(left, node.args.get("low")) and _same(left, node.args.get("high"))
    if isinstance(node, exp.EQ) and isinstance(right, exp.Any):
        return _all_of_itself(left, right.this)
    if isinstance(node, exp.NullSafeNEQ) and isinstance(right, exp.Null):
        return _is_id(left)
    if isinstance(left, exp.Length | exp.Abs) and (number := _number(right)) is not None:
        return (isinstance(node, exp.GTE) and number <= 0) or (isinstance(node, exp.GT) and number < 0)
    if isinstance(node, exp.Is) and isinstance(right, exp.Null):
        return _is_id(left) and bool(node.args.get("negate"))
    if isinstance(node, exp.In):
        return any(_same(left, option) for option in node.expressions) or _all_of_itself(left, node.args.get("query"))
    if isinstance(node, exp.Exists):
        return not any(isinstance(part, exp.Where | exp.Having | exp.Join) for part in node.walk())
    return _is_id(left) and (
        (isinstance(node, exp.GT) and _number(right) in (0.0, -1.0))
        or (isinstance(node, exp.GTE) and _number(right) in (0.0, 1.0, -1.0))
        or (isinstance(node, exp.NEQ) and _number(right) in (0.0, -1.0))
    )


def _compares_false(node: Any) -> bool:
    left, right = node.args.get("this"), node.args.get("expression")
    if isinstance(node, exp.Is) and isinstance(right, exp.Null):
        return (_is_id(left) or isinstance(left, exp.Literal)) and not node.args.get("negate")
    if isinstance(node, exp.NEQ | exp.LT | exp.GT) and _same(left, right):
        return True
    if isinstance(node, exp.EQ) and isinstance(left, exp.Literal) and isinstance(right, exp.Literal):
        return not _same(left, right) and left.is_string == right.is_string
    a, b = _number(left), _number(right)
    if a is None or b is None:
        return False
    outcomes = {exp.EQ: a != b, exp.NEQ: a == b, exp.GT: a <= b, exp.GTE: a < b, exp.LT: a >= b, exp.LTE: a > b}
    return outcomes.get(type(node), False)


def _all_of_itself(left: Any, query: Any) -> bool:
    """`id IN (SELECT id FROM orders)`: a list of all there is, where nothing narrows it."""
    if query is None or not isinstance(left, exp.Column):
        return False
    select = query.this if isinstance(query, exp.Subquery) else query
    narrowed = ("where", "joins", "having", "limit", "group", "qualify")
    if not isinstance(select, exp.Select) or any(select.args.get(part) for part in narrowed):
        return False
    own: Any = left.find_ancestor(exp.Update, exp.Delete)
    source = select.args.get("from_")
    if own is not None and source is not None and left.this == _output(select):
        for part in getattr(own.args.get("with_"), "expressions", ()):
            if part.alias.lower() == table_name(source.this):
                return _all_of_itself(left, part.this)
    if own is None or source is None or table_name(source.this) != table_name(own.this):
        return False
    return len(select.expressions) == 1 and _name(select.expressions[0]) == _name(left) != ""


def _output(select: Any) -> Any:
    only = select.expressions[0] if len(select.expressions) == 1 else None
    return only.this if isinstance(only, exp.Column) else None


def _covers(parts: list[Any]) -> bool:
    """Whether two alternatives are each other's opposite: `x IS NULL OR x IS NOT NULL`, `a = 1 OR a <> 1`."""
    seen = [_form(part) for part in parts[:_MAX_PARTS]]
    for at, (no, kind, operands) in enumerate(seen):
        for other_no, other_kind, others in seen[at + 1 :]:
            if operands == others and (
                (kind is other_kind and no is not other_no) or (no is other_no and _PAIRS.get(kind) is other_kind)
            ):
                return True
    return False


def _form(node: Any) -> tuple[bool, Any, tuple[Any, ...]]:
    """A condition as whether it is denied, what it is, and of what."""
    node, no = _bare(node), False
    while isinstance(node, exp.Not):
        node, no = _bare(node.this), not no
    return no ^ bool(node.args.get("negate")), type(node), (node.this, node.args.get("expression"))


def _bare(node: Any) -> Any:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _same(left: Any, right: Any) -> bool:
    """Two equal literals, or a column or what is made of it compared with itself."""
    if left is None or right is None:
        return False
    if type(left) is not type(right):
        return _is_said_of(left, right) or _is_said_of(right, left)
    if isinstance(left, exp.Literal):
        return bool(left.this == right.this and left.is_string == right.is_string)
    if isinstance(left, exp.Column):
        return table_name(left) == table_name(right) != ""
    return bool(left == right)  # `coalesce(id, 0) = coalesce(id, 0)`


def _is_said_of(text: Any, name: Any) -> bool:
    """`'a' = "a"`: where no column has that name, SQLite takes the name for a string."""
    if not (isinstance(text, exp.Literal) and text.is_string and isinstance(name, exp.Column) and not name.table):
        return False
    return bool(isinstance(name.this, exp.Identifier) and name.this.quoted and name.name == text.this)


def _name(column: Any) -> str:
    return column.name.lower() if isinstance(column, exp.Column) else ""


def _is_id(node: Any) -> bool:
    return isinstance(node, exp.Column) and _name(node) in ("id", "rowid", "_rowid_", "_id", "ctid")


def _number(node: Any) -> float | None:
    if isinstance(node, exp.Neg):
        inner = _number(node.this)
        return None if inner is None else -inner
    if not isinstance(node, exp.Literal) or node.is_string:
        return None
    try:
        return float(node.this)
    except ValueError:
        return None
