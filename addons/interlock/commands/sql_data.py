"""What statements that change rows amount to."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import Facts
from interlock.commands.sql_kinds import DATA
from interlock.commands.sql_where import filters
from interlock.model import Access

__all__ = ["check_data"]


def check_data(node: Any, kind: str, facts: Facts) -> None:
    """Adds what an INSERT, UPDATE, DELETE or MERGE does: to which rows, and whether rows are lost."""
    verb = DATA[kind]
    facts.kinds["replace" if str(node.args.get("alternative", "")).lower() == "replace" else verb] = None
    facts.raise_to(Access.WRITE)
    if DATA[kind] != "insert" and not isinstance(node.parent, exp.When) and not filters(node):
        facts.flags["no-where"] = None
    if verb == "insert" and (node.args.get("overwrite") or type(node.this).__name__ == "Directory"):
        facts.raise_to(Access.ADMIN, "files")
    if kind == "Merge" and any(str(when.args.get("then")).lower() == "delete" for when in node.find_all(exp.When)):
        facts.kinds["delete"] = None
