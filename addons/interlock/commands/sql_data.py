"""What statements that change rows amount to."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import Facts
from interlock.commands.sql_kinds import DATA
from interlock.commands.sql_where import filters
from interlock.model import Access

__all__ = ["check_copy", "check_data"]


def check_data(node: Any, kind: str, facts: Facts) -> None:
    """Adds what an INSERT, UPDATE, DELETE or MERGE does: to which rows, and whether rows are lost."""
    verb = DATA[kind]
    facts.kinds["replace" if str(node.args.get("alternative", "")).lower() == "replace" else verb] = None
    facts.raise_to(Access.WRITE)
    if DATA[kind] != "insert" and not isinstance(node.parent, exp.When) and not filters(node):
        facts.flags["no-where"] = None
    if kind == "Update" and not node.expressions and not isinstance(node.parent, exp.When):
        facts.raise_to(Access.ADMIN, "network")  # DuckDB's UPDATE EXTENSIONS fetches code
    if verb == "insert" and (node.args.get("overwrite") or type(node.this).__name__ == "Directory"):
        facts.raise_to(Access.ADMIN, "files")
    if kind == "Merge" and any(str(when.args.get("then")).lower() == "delete" for when in node.find_all(exp.When)):
        facts.kinds["delete"] = None


def check_copy(statement: Any, facts: Facts) -> None:
    """COPY to or from the client itself reads or writes a table, and no file."""
    if facts.flags.keys() <= {"files"}:
        ends = [part for part in statement.args.get("files") or () if isinstance(part, exp.Identifier)]
        plain = len(ends) == 1 == len(statement.args["files"]) and not ends[0].args.get("quoted")
        end = ends[0].name.lower() if plain else ""
        nested = [kind for kind in facts.kinds if kind != "copy"]
        if end == "stdout" and not statement.args.get("kind") and not nested:
            facts.access, facts.flags = Access.READ, {}
        elif end == "stdin" and statement.args.get("kind") and not nested:
            facts.access, facts.flags = Access.WRITE, {}
            facts.writes.update(facts.reads)
            facts.reads.clear()
