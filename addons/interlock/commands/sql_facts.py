"""What is collected about one SQL statement while its tree is walked, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_tables import Touched
from interlock.model import JSON, Access

__all__ = ["Facts", "table_name"]

_MAX_NAMES = 4096


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

    def take(self, touched: Touched) -> None:
        """Takes over the tables and columns that were found."""
        self.reads.update(touched.reads)
        self.writes.update(touched.writes)
        self.columns.update(touched.columns)

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
