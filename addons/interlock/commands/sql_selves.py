"""Conditions that compare a table with itself, so that every row finds what is asked for.

`id IN (SELECT id FROM orders)`, `EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.id)`, `id >= (SELECT min(id) FROM
orders)`, and DELETE FROM orders o USING orders p WHERE o.id = p.id; a WITH that narrows nothing counts as its table.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_comparisons import column_name, number
from interlock.commands.sql_facts import table_name

__all__ = ["all_of_itself", "at_its_end", "counted", "finds_itself", "meets_itself"]

_NARROWING = ("where", "joins", "having", "limit", "offset", "group", "qualify")
_EXTREMES: dict[Any, Any] = {exp.GTE: exp.Min, exp.LTE: exp.Max}
_NUMBERED = (exp.RowNumber, exp.Rank, exp.DenseRank)


def all_of_itself(left: Any, query: Any) -> bool:
    """Whether a query lists all there is of a column, where nothing narrows it: `id IN (SELECT id FROM orders)`."""
    columns = left.expressions if isinstance(left, exp.Tuple) else [left]
    if query is None or not all(isinstance(one, exp.Column) for one in columns):
        return False
    if isinstance(query, exp.Column):  # SQLite's `id IN orders`
        own = _changed(left)
        return own is not None and not query.table and column_name(query) == table_name(own)
    select = _unwrapped(query)
    if not isinstance(select, exp.Select) or any(select.args.get(part) for part in _NARROWING):
        return False
    names = [column_name(one) for one in columns]
    return _is_whole(left, select) and "" not in names and names == [column_name(one) for one in select.expressions]


def finds_itself(node: Any) -> bool:
    """`EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.id)`: every row of the table finds itself."""
    select = node.this
    if not isinstance(select, exp.Select) or not _is_whole(node, select):
        return False
    if any(select.args.get(part) for part in _NARROWING if part != "where"):
        return False
    where = select.args.get("where")
    return where is not None and _by_equal_names(where.this)


def at_its_end(node: Any) -> bool:
    """`id >= (SELECT min(id) FROM orders)`, and `<=` with max."""
    left, right = node.args.get("this"), node.args.get("expression")
    extreme = _EXTREMES.get(type(node))
    select = _unwrapped(right) if isinstance(right, exp.Subquery) else None
    if extreme is None or not isinstance(select, exp.Select) or len(select.expressions) != 1:
        return False
    found: Any = select.expressions[0]
    if type(found) is not extreme or any(select.args.get(part) for part in _NARROWING):
        return False
    return _is_whole(node, select) and column_name(left) == column_name(found.this) != ""


def meets_itself(statement: Any) -> bool:
    """Whether an UPDATE or DELETE joins its table with nothing but itself, by columns of the same name."""
    where = statement.args.get("where")
    sources = [*(statement.args.get("using") or ()), getattr(statement.args.get("from_"), "this", None)]
    sources = [source for source in sources if source is not None]
    if where is None or len(sources) != 1 or any(source.args.get("joins") for source in sources):
        return False
    return _stands_for(statement, sources[0], table_name(statement.this)) and _by_equal_names(where.this, others=True)


def counted(node: Any) -> bool:
    """`n > 0`, where a WITH numbers its rows under that name from 1 on."""
    left, right = node.args.get("this"), number(node.args.get("expression"))
    own: Any = node.find_ancestor(exp.Update, exp.Delete)
    all_of_them = (isinstance(node, exp.GT) and right == 0.0) or (isinstance(node, exp.GTE) and right in (0.0, 1.0))
    if own is None or not all_of_them or not column_name(left):
        return False
    for part in getattr(own.args.get("with_"), "expressions", ()):
        for shown in part.this.expressions if isinstance(part.this, exp.Select) else ():
            window = shown.this if isinstance(shown, exp.Alias) else None
            if shown.alias.lower() == column_name(left) and isinstance(window, exp.Window):
                return isinstance(window.this, _NUMBERED)
    return False


def _changed(node: Any) -> Any:
    own: Any = node.find_ancestor(exp.Update, exp.Delete)
    return None if own is None else own.this


def _unwrapped(query: Any) -> Any:
    while isinstance(query, exp.Array | exp.Paren | exp.Subquery) and (query.this or len(query.expressions) == 1):
        query = query.this or query.expressions[0]
    return query


def _is_whole(node: Any, select: Any) -> bool:
    """Whether a query reads the table that the statement around it changes, or a WITH of it all."""
    own: Any = node.find_ancestor(exp.Update, exp.Delete)
    source = select.args.get("from_")
    return own is not None and source is not None and _stands_for(own, source.this, table_name(own.this))


def _stands_for(statement: Any, source: Any, wanted: str) -> bool:
    """Whether a source holds all rows of a table: it is the table, or a query of it that narrows nothing."""
    if isinstance(source, exp.Table):
        for part in getattr(statement.args.get("with_"), "expressions", ()):
            if part.alias.lower() == table_name(source):
                return _stands_for(statement, part.this, wanted)
        return bool(wanted) and table_name(source) == wanted
    select = _unwrapped(source)
    if not isinstance(select, exp.Select) or any(select.args.get(part) for part in _NARROWING):
        return False
    inner = select.args.get("from_")
    return inner is not None and isinstance(inner.this, exp.Table) and bool(wanted) and table_name(inner.this) == wanted


def _by_equal_names(condition: Any, *, others: bool = False) -> bool:
    """Whether it only asks that columns equal ones of the same name; with `others`, of another table."""
    parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    return all(
        isinstance(part, exp.EQ)
        and column_name(part.this) == column_name(part.expression) != ""
        and not (others and part.this.table.lower() == part.expression.table.lower())
        for part in parts
    )
