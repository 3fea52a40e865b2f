"""Which tables a SQL statement reads and writes, and which names only look like tables."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_facts import Facts, table_name

__all__ = ["name_tables", "tables"]

_MAX_CLIMB = 100_000


def name_tables(statement: Any, facts: Facts) -> None:
    """Adds every real table to what the statement reads or writes."""
    targets = {id(target) for node in statement.find_all(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create,
                                                         exp.Drop, exp.Alter, exp.TruncateTable, exp.Into,
                                                         exp.Comment)
               for target in _targets(node)}  # fmt: skip
    for table, name in tables(statement, exp.Table, exp.CTE):
        kept = facts.writes if id(table) in targets else facts.reads
        kept[name] = None


def _targets(node: Any) -> list[Any]:
    found = [*(node.args.get("tables") or ()), *(node.expressions if isinstance(node, exp.TruncateTable) else ())]
    this = node.this
    while isinstance(this, exp.Schema | exp.UserDefinedFunction | exp.Index):
        this = this.args.get("table") if isinstance(this, exp.Index) else this.this
    if isinstance(node, exp.Delete) and found:
        return [*found, this]  # MySQL: DELETE a FROM a JOIN b; both count
    return [*found, this] if this is not None and not isinstance(this, str) else found


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
