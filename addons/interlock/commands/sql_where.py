"""Whether a WHERE clause leaves anything out."""

from __future__ import annotations

from typing import Any

from interlock.commands.sql_facts import table_name

__all__ = ["always_true"]


def always_true(node: Any, depth: int = 0) -> bool:
    """Whether a condition is true whatever the row holds: `1=1`, `'a'='a'`, `x OR true`, `NOT false`, `id=id`."""
    if node is None or depth > 40:
        return depth > 40
    kind = type(node).__name__
    if kind in ("Where", "Paren"):
        return always_true(node.this, depth + 1)
    if kind == "Not":
        return _always_false(node.this, depth + 1)
    if kind == "Or":
        return any(always_true(part, depth + 1) for part in (node.this, node.expression))
    if kind == "And":
        return all(always_true(part, depth + 1) for part in (node.this, node.expression))
    if kind == "Boolean":
        return bool(node.this)
    if kind == "Literal":
        return _number(node) not in (None, 0.0)
    return _compares_true(kind, node)


def _always_false(node: Any, depth: int) -> bool:
    kind = type(node).__name__
    if kind == "Paren" and depth < 40:
        return _always_false(node.this, depth + 1)
    if kind == "Not":
        return always_true(node.this, depth + 1)
    if kind in ("Boolean", "Null"):
        return not node.this or kind == "Null"
    if kind == "Literal":
        return _number(node) == 0.0
    return kind in ("NEQ", "LT", "GT") and _same(node.this, node.expression)


def _compares_true(kind: str, node: Any) -> bool:
    left, right = node.args.get("this"), node.args.get("expression")
    if kind in ("EQ", "GTE", "LTE", "NullSafeEQ", "Like", "ILike") and _same(left, right):
        return True
    if kind in ("Like", "ILike") and type(right).__name__ == "Literal" and set(right.this) == {"%"}:
        return True
    if kind == "In":
        return any(_same(left, option) for option in node.expressions)
    a, b = _number(left), _number(right)
    if a is None or b is None:
        return False
    outcomes = {"EQ": a == b, "NEQ": a != b, "GT": a > b, "GTE": a >= b, "LT": a < b, "LTE": a <= b}
    return outcomes.get(kind, False)


def _same(left: Any, right: Any) -> bool:
    """Two equal literals, or a column compared with itself."""
    if left is None or type(left) is not type(right):
        return False
    if type(left).__name__ == "Literal":
        return bool(left.this == right.this and left.is_string == right.is_string)
    return type(left).__name__ == "Column" and table_name(left) == table_name(right) != ""


def _number(node: Any) -> float | None:
    if type(node).__name__ != "Literal" or node.is_string:
        return None
    try:
        return float(node.this)
    except ValueError:
        return None
