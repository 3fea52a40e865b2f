"""What two sides of a comparison have in common: the same column, opposite conditions, numbers."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import table_name

__all__ = ["column_name", "covers", "is_id", "number", "same"]

_OPPOSITES = {exp.EQ: exp.NEQ, exp.GT: exp.LTE, exp.LT: exp.GTE}
_PAIRS = {**_OPPOSITES, **{right: left for left, right in _OPPOSITES.items()}}
_MAX_PARTS = 64
_IDS = ("id", "rowid", "_rowid_", "_id", "ctid", "oid", "xmin", "tableoid")


def covers(parts: list[Any]) -> bool:
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


def same(left: Any, right: Any) -> bool:
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


def column_name(column: Any) -> str:
    """A column's own name in lower case; "" for anything else."""
    return column.name.lower() if isinstance(column, exp.Column) else ""


def is_id(node: Any) -> bool:
    """Whether a column is one that every row has, and that is never null."""
    return isinstance(node, exp.Column) and column_name(node) in _IDS


def number(node: Any) -> float | None:
    """The number that a literal is, with its sign; None for anything else."""
    if isinstance(node, exp.Neg):
        inner = number(node.this)
        return None if inner is None else -inner
    if not isinstance(node, exp.Literal) or node.is_string:
        return None
    try:
        return float(node.this)
    except ValueError:
        return None
