"""What the place of a table or a column in a statement says about it: changed or read, an alias or a real name."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_folding import spelled

__all__ = ["is_written", "names_output", "targets"]

_DEFINES = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Alter, exp.TruncateTable, exp.Into,
            exp.Comment)  # fmt: skip


def targets(statement: Any) -> set[int]:
    """The ids of the table nodes that a statement changes."""
    return {id(target) for node in statement.find_all(*_DEFINES) for target in _targets(node)}


def _targets(node: Any) -> list[Any]:
    found = [*(node.args.get("tables") or ())]
    if isinstance(node, exp.TruncateTable | exp.Drop):
        found += node.expressions
    this = node.this
    while isinstance(this, exp.Schema | exp.UserDefinedFunction | exp.Index):
        this = this.args.get("table") if isinstance(this, exp.Index) else this.this
    if isinstance(node, exp.Delete) and found:
        return found  # DELETE a FROM a JOIN b
    return [*found, this] if this is not None and not isinstance(this, str) else found


def is_written(column: Any) -> bool:
    """Whether a column is only given a value: left in SET, or in the list of a MERGE's INSERT."""
    node = column.parent
    if isinstance(node, exp.Tuple):
        if isinstance(node.parent, exp.Insert) and node.arg_key == "this":
            return True
        column, node = node, node.parent
    given = isinstance(node, exp.EQ) and column.arg_key == "this" and node.arg_key == "expressions"
    return given and isinstance(node.parent, exp.Update | exp.OnConflict)


def names_output(column: Any, dialect: str, outputs: dict[int, set[str]]) -> bool:
    """Whether ORDER BY names a result column by its alias, which there comes before any column of a table.

    `outputs` remembers the aliases of each query.
    """
    order = column.parent.parent if isinstance(column.parent, exp.Ordered) else None
    if len(column.parts) != 1 or not isinstance(order, exp.Order) or order.arg_key != "order":
        return False
    query = order.parent
    if isinstance(query, exp.SetOperation):
        return True
    if not isinstance(query, exp.Select):
        return False
    known = outputs.get(id(query))
    if known is None:
        aliases = [part.args["alias"] for part in query.expressions if isinstance(part, exp.Alias)]
        known = outputs[id(query)] = {spelled(alias, dialect) for alias in aliases}
    return spelled(column.this, dialect) in known
