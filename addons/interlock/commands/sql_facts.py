"""What is collected about one SQL statement while its tree is walked, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from interlock.commands.language import NotUnderstood
from interlock.model import JSON, Access

__all__ = ["Facts", "always_true", "table_name", "tables"]

_MAX_NAMES = 4096
_MAX_CLIMB = 100_000


@dataclass(slots=True)
class Facts:
    """Facts only ever add up: `access` rises, names and flags are collected in order of appearance."""

    access: Access = Access.READ
    kinds: dict[str, None] = field(default_factory=dict)
    objects: dict[str, None] = field(default_factory=dict)
    reads: dict[str, None] = field(default_factory=dict)
    writes: dict[str, None] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)
    functions: dict[str, None] = field(default_factory=dict)
    flags: dict[str, None] = field(default_factory=dict)

    def raise_to(self, access: Access, *flags: str) -> None:
        """The statement does at least this much."""
        self.access = max(self.access, access)
        self.flags.update(dict.fromkeys(flags))

    def unknown(self, flag: str = "not-understood") -> None:
        """Part of the statement is not understood."""
        self.raise_to(Access.UNKNOWN, "not-understood", flag)

    def merge(self, other: Facts) -> None:
        """Takes over everything another statement does."""
        self.access = max(self.access, other.access)
        for name in ("kinds", "objects", "reads", "writes", "columns", "functions", "flags"):
            getattr(self, name).update(getattr(other, name))

    def arguments(self) -> dict[str, JSON]:
        """The arguments of the operation, as plain JSON."""
        names = {**self.writes, **self.reads}
        found: dict[str, JSON] = {
            "kinds": list(self.kinds),
            "objects": list(self.objects),
            "tables": list(names),
            "reads": list(self.reads),
            "writes": list(self.writes),
            "columns": list(self.columns),
            "functions": list(self.functions),
            "flags": list(self.flags),
        }
        if any(isinstance(part, list) and len(part) > _MAX_NAMES for part in found.values()):
            raise NotUnderstood("too-many-names")
        return found


def table_name(table: Any) -> str:
    """`catalog.schema.table` in lower case."""
    parts = [part.name for part in getattr(table, "parts", ())]
    return ".".join(part for part in parts if part).lower()


def tables(statement: Any, table_class: type, cte_class: type) -> list[tuple[Any, str]]:
    """Every real table in the statement with its name; names that a CTE in scope defines are left out."""
    defined = {cte.alias.lower() for cte in statement.find_all(cte_class)}
    found: list[tuple[Any, str]] = []
    steps = 0
    for table in statement.find_all(table_class):
        name = table_name(table)
        if not name:
            continue
        if name in defined and "." not in name:
            hidden, climbed = _in_scope(table, name, cte_class)
            steps += climbed
            if steps > _MAX_CLIMB:
                raise NotUnderstood("too-many-names")
            if hidden:
                continue
        found.append((table, name))
    return found


def _in_scope(table: Any, name: str, cte_class: type) -> tuple[bool, int]:
    """Whether a WITH around the table defines `name` where the table stands, and how far it was to look."""
    node, climbed, inside = table, 0, None
    while node is not None:
        climbed += 1
        clause = node.args.get("with_")
        if clause is not None:
            for cte in clause.expressions:
                if cte is inside and not clause.args.get("recursive"):
                    break
                if cte.alias.lower() == name:
                    return True, climbed
        if isinstance(node, cte_class):
            inside = node
        node = node.parent
    return False, climbed


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
