"""The tables of one statement, and what is collected about them and their columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_folding import spelled
from interlock.commands.sql_marks import targets
from interlock.commands.sql_scope import Scope, Source, scopes

__all__ = ["Tables", "Touched", "ends"]

_MAX_STEPS = 200_000
_THROUGH = frozenset(("tsql", "mysql"))


@dataclass(slots=True)
class Touched:
    """What one statement touches, in order of appearance; see `sql_columns` for the exact meaning."""

    reads: dict[str, None] = field(default_factory=dict)
    writes: dict[str, None] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)


class Tables:
    """Every table in its scope. What could multiply is counted; beyond a limit NotUnderstood is raised."""

    __slots__ = ("_called", "_changed", "_left", "_visible", "any", "dialect", "found", "scopes")

    def __init__(self, statement: Any, dialect: str) -> None:
        self.dialect = dialect
        self.found = Touched()
        self.scopes = scopes(statement, dialect)
        self.any = any(scope.sources for scope in self.scopes)
        self._left = _MAX_STEPS
        self._changed: dict[int, list[Source]] = {}
        self._called: dict[int, dict[str, list[Source]]] = {}
        self._visible: dict[int, list[Source]] = {}
        marked = targets(statement)
        for scope in self.scopes:
            read = [source for source in scope.sources if id(source.node) not in marked]
            self.found.reads.update((source.name, None) for source in read)
            changed = [source for source in scope.sources if id(source.node) in marked]
            self._changed[id(scope)] = [source for source in changed if self._change(source, scope, read)]
            self._called[id(scope)] = _by_name(scope.sources)
        self._through()

    def _change(self, source: Source, scope: Scope, read: list[Source]) -> bool:
        """Adds a table that is changed; whether the columns of the statement may be of it under this name."""
        if isinstance(source.node.parent, exp.Into):
            scope.sources.remove(source)
            self.write([source])
            self.whole(source.name)
            return False
        if self.dialect == "tsql" and scope.defines(source.name, anchor=True):
            scope.sources.remove(source)  # T-SQL changes the tables of a CTE by the CTE's name
            for other in (other for inner in self.scopes for other in inner.sources):
                self.write([other])
                self.whole(other.name)
            return False
        self.write([source])
        return True

    def _through(self) -> None:
        """Where a changed name is the alias of a table beside it: `UPDATE c SET ... FROM customers c`."""
        if self.dialect not in _THROUGH:
            return
        for scope in self.scopes:
            changed = self._changed[id(scope)]
            beside = {source.alias: source for source in scope.sources if source not in changed}
            for at, source in enumerate(changed):
                meant = beside.get(source.name)
                if meant is not None and not source.alias:
                    meant.whole = meant.whole or source.whole
                    self.found.writes.pop(source.name, None)
                    scope.sources.remove(source)
                    changed[at] = meant
            self.write(changed)
            self._called[id(scope)] = _by_name(scope.sources)

    def visible(self, scope: Scope) -> list[Source]:
        """The tables of a scope and of those around it."""
        found = self._visible.get(id(scope))
        if found is None:
            found = [source for inner in scope.around() for source in inner.sources]
            self.spend(len(found))
            self._visible[id(scope)] = found
        return found

    def called(self, name: str, scope: Scope) -> list[Source]:
        """The tables that `name` stands for in the nearest scope that knows it."""
        for inner in scope.around():
            self.spend(1)
            named = self._called[id(inner)].get(name)
            if named:
                return named
            if name in inner.derived:
                return []
        return []

    def changed(self, scope: Scope) -> list[Source]:
        """What the statement around changes."""
        return next((self._changed[id(inner)] for inner in scope.around() if self._changed[id(inner)]), [])

    def entry(self, sources: Iterable[Source], column: str, *, read: bool = False) -> None:
        """A column of each of these tables; with `read` the tables are read as well."""
        for source in sources:
            self.spend(1)
            self.found.columns[f"{source.name}.{column}"] = None
            if read:
                self.found.reads[source.name] = None

    def whole(self, name: str) -> None:
        """Every column of a table."""
        self.spend(1)
        self.found.columns[f"{name}.*"] = None

    def write(self, sources: Iterable[Source]) -> None:
        """Tables that are changed."""
        self.found.writes.update((source.name, None) for source in sources)

    def write_name(self, identifier: Any) -> None:
        """A table that is changed and stands as a bare name."""
        self.found.writes[spelled(identifier, self.dialect)] = None

    def spend(self, steps: int) -> None:
        """Counts work."""
        self._left -= steps
        if self._left < 0:
            raise NotUnderstood("too-many-names")


def _by_name(sources: list[Source]) -> dict[str, list[Source]]:
    """Tables by what columns may call them: the alias, or the table's name with or without its schema."""
    found: dict[str, list[Source]] = {}
    for source in sources:
        name = source.alias or source.name
        found.setdefault(name, []).append(source)
        while not source.alias and "." in name:
            name = name.partition(".")[2]
            found.setdefault(name, []).append(source)
    return found


def ends(name: str, parts: list[str]) -> bool:
    """Whether a table's name ends in these parts."""
    return f".{name}".endswith("." + ".".join(parts))
