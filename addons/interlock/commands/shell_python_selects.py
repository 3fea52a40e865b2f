"""Statements of SQLAlchemy that are put together of calls: `select(Order).where(Order.id == 4)` only reads."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_python_values import Values

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge

__all__ = ["executes", "only_selects"]

_SELECTS = frozenset(
    f"{module}.{name}"
    for module in ("sqlalchemy", "sqlmodel", "sqlalchemy.future", "sqlalchemy.sql")
    for name in ("select", "union", "union_all")
)
_PLAIN_TEXT = """
where filter filter_by order_by group_by having limit offset join outerjoin join_from select_from distinct options
scalar_subquery subquery alias label asc desc is_ is_not isnot in_ not_in notin_ like ilike between contains startswith
endswith over add_columns with_only_columns correlate nulls_last nulls_first any has exists selectinload joinedload
cast type_coerce case and_ or_ not_ func select union union_all desc asc Integer String Float Numeric Date DateTime
"""
_PLAIN = frozenset(_PLAIN_TEXT.split())
_FUNCTIONS_TEXT = """
count sum avg min max coalesce lower upper length now current_date current_timestamp date date_trunc extract round abs
concat array_agg json_agg string_agg group_concat row_number rank dense_rank greatest least nullif random trim substr
substring strftime to_char percentile_cont bool_or bool_and stddev distinct year month day
"""
_FUNCTIONS = frozenset(_FUNCTIONS_TEXT.split())
_FUNC = ("sqlalchemy.func", "sqlmodel.func", "sqlalchemy.sql.func")


def only_selects(values: Values, node: ast.expr) -> bool:
    """Whether an expression certainly is such a statement: of known calls alone, and none that takes SQL as text."""
    node = values.expression(node)
    calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
    return _root(values, node) in _SELECTS and all(_is_plain(values, call.func) for call in calls)


def _root(values: Values, node: ast.expr) -> str:
    """What a chain of calls begins with."""
    while isinstance(node, ast.Call | ast.Attribute):
        name = values.resolve(node)
        if name:
            return name
        if isinstance(node, ast.Call) and (name := values.resolve(node.func)):
            return name
        node = node.func if isinstance(node, ast.Call) else node.value
    return ""


def _is_plain(values: Values, func: ast.expr) -> bool:
    name = values.resolve(func)
    if name.startswith(tuple(f"{one}." for one in _FUNC)):
        return name.rpartition(".")[2] in _FUNCTIONS
    if name.startswith(("sqlalchemy.", "sqlmodel.")):
        return name.rpartition(".")[2] in _PLAIN
    if isinstance(func, ast.Attribute):
        return func.attr in _PLAIN
    return isinstance(func, ast.Name) and func.id in ("int", "str", "len", "list", "set", "sorted")


def executes(node: ast.Call | None, values: Values, verdict: Verdict, judge: Judge) -> None:
    """`cursor.execute("SELECT ...")`: the SQL that it is given, as far as that is known."""
    dialect = "sqlite" if any(name.startswith("sqlite3") for name in values.imports.values()) else ""
    if node is None:
        verdict.unknown("dynamic")
        return
    if not node.args or only_selects(values, node.args[0]):
        verdict.at_least("read" if node.args else "write")
        return
    first = node.args[0]
    wrapped = isinstance(first, ast.Call) and len(first.args) == 1 and not first.keywords
    texts = values.texts(first.args[0] if isinstance(first, ast.Call) and wrapped else first)
    if texts is None and dialect and isinstance(node.args[0], ast.JoinedStr):
        # One statement a call, and what it starts with is certain: a reading stays one, whatever name comes in.
        parts = [part.value if isinstance(part, ast.Constant) else "x" for part in node.args[0].values]
        joined = "".join(map(str, parts))
        found = judge.nest(joined, "sql", dialect)
        if all(operation.action == "read" for operation in found) and joined.lstrip()[:7].upper() == "SELECT ":
            verdict.nested += found
            return
    if texts is None:
        verdict.unknown("dynamic")
    for text in texts or []:
        verdict.nested += judge.nest(text, "sql", dialect)
