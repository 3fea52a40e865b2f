"""Conditions that compare a table with itself, so that every row finds what is asked for.

`id IN (SELECT id FROM orders)`, `EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.id)`, `id >= (SELECT min(id) FROM
orders)`, and DELETE FROM orders o USING orders p WHERE o.id = p.id; a WITH that narrows nothing counts as its table.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_comparisons import column_name, is_id, number
from interlock.commands.sql_facts import table_name

__all__ = ["all_of_itself", "at_its_end", "counted", "finds_itself", "meets_itself"]

_NARROWING = ("where", "having", "offset", "group", "qualify")
_EXTREMES: dict[Any, Any] = {exp.GTE: exp.Min, exp.LTE: exp.Max}
_MIRRORED: dict[Any, Any] = {exp.GTE: exp.LTE, exp.LTE: exp.GTE}
_MOST_ROWS = 2.0**31 - 1
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
    if isinstance(select, exp.Union):
        return all_of_itself(left, select.this) or all_of_itself(left, select.expression)
    if not isinstance(select, exp.Select) or _narrows(select):
        return False
    inner = getattr(select.args.get("from_"), "this", None)
    if select.is_star and isinstance(inner, exp.Subquery):
        return all_of_itself(left, inner)
    found = select.expressions
    return _is_whole(left, select) and len(columns) == len(found) and all(map(_alike, columns, found))


def finds_itself(node: Any) -> bool:
    """`EXISTS (SELECT 1 FROM orders o WHERE o.id = orders.id)`: every row of the table finds itself."""
    select = node.this
    if not isinstance(select, exp.Select) or not _is_whole(node, select):
        return False
    if _narrows(select, besides="where"):
        return False
    where = select.args.get("where")
    return where is not None and _by_equal_names(where.this)


def at_its_end(node: Any) -> bool:
    """`id >= (SELECT min(id) FROM orders)`, and `<=` with max."""
    left, right = node.args.get("this"), node.args.get("expression")
    kind: Any = type(node)
    if isinstance(left, exp.Subquery):
        left, right, kind = right, left, _MIRRORED.get(kind)
    extreme = _EXTREMES.get(kind)
    select = _unwrapped(right) if isinstance(right, exp.Subquery) else None
    if extreme is None or not isinstance(select, exp.Select) or len(select.expressions) != 1:
        return False
    found: Any = select.expressions[0]
    if type(found) is not extreme or _narrows(select):
        return False
    return _is_whole(node, select) and _alike(left, found.this)


def meets_itself(statement: Any) -> bool:
    """Whether an UPDATE, DELETE or MERGE joins its table with nothing but itself, by columns of the same name."""
    if isinstance(statement, exp.Merge):
        using, on = statement.args.get("using"), statement.args.get("on")
        whole = _stands_for(statement, using, table_name(statement.this))
        return on is not None and whole and _by_equal_names(on, others=True)
    where = statement.args.get("where")
    sources = [*(statement.args.get("using") or ()), getattr(statement.args.get("from_"), "this", None)]
    sources = [source for source in sources if source is not None]
    if where is None or len(sources) != 1 or any(source.args.get("joins") for source in sources):
        return False
    return _stands_for(statement, sources[0], table_name(statement.this)) and _by_equal_names(where.this, others=True)


def counted(node: Any) -> bool:
    """`n > 0`, where a WITH numbers its rows under that name from 1 on."""
    left, right = node.args.get("this"), number(node.args.get("expression"))
    all_of_them = (isinstance(node, exp.GT) and right == 0.0) or (isinstance(node, exp.GTE) and right in (0.0, 1.0))
    own: Any = node.find_ancestor(exp.Update, exp.Delete) if all_of_them and column_name(left) else None
    if own is None:
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


def _narrows(select: Any, *, besides: str = "") -> bool:
    """Whether a query could leave out rows of the table it reads first."""
    limit = select.args.get("limit")
    if limit is not None and not _is_endless(limit):
        return True
    joined = any(str(join.side).upper() not in ("LEFT", "FULL") for join in select.args.get("joins") or ())
    return joined or any(select.args.get(part) for part in _NARROWING if part != besides)


def _is_endless(limit: Any) -> bool:
    """LIMIT -1, LIMIT ALL, or so many that it is none; T-SQL's TOP 100 PERCENT."""
    count = number(limit.args.get("expression"))
    options = limit.args.get("limit_options")
    if options is not None and options.args.get("percent"):
        return count == 100.0
    return count is not None and (count < 0.0 or count >= _MOST_ROWS)


def _alike(one: Any, other: Any) -> bool:
    """Whether two columns have the same name, or both number the rows."""
    return (is_id(one) and is_id(other)) or column_name(one) == column_name(other) != ""


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
    if not isinstance(select, exp.Select) or _narrows(select):
        return False
    inner = select.args.get("from_")
    return inner is not None and isinstance(inner.this, exp.Table) and bool(wanted) and table_name(inner.this) == wanted


def _by_equal_names(condition: Any, *, others: bool = False) -> bool:
    """Whether it only asks that columns equal ones of the same name; with `others`, of another table."""
    parts = list(condition.flatten()) if isinstance(condition, exp.And) else [condition]
    return all(
        isinstance(part, exp.EQ)
        and isinstance(part.this, exp.Column)
        and isinstance(part.expression, exp.Column)
        and _alike(part.this, part.expression)
        and not (others and part.this.table.lower() == part.expression.table.lower())
        for part in parts
    )
