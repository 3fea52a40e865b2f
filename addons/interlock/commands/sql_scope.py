"""Who can see which tables: the scopes of a statement, collected in one walk without recursion.

A scope is a query, or a statement that changes rows. It knows the tables that stand in it, under which names columns
call them, and what WITH defines around it. A name that WITH defines is no table, but only where that is certain:
what is taken for a table too often is judged too strictly, what is taken too seldom not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_folding import exact, spelled

__all__ = ["Frame", "Scope", "Source", "scopes"]

_MAX_SCOPES = 5000
_OWNERS = (exp.Select, exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Copy)
_QUERIES = (exp.Select, exp.SetOperation, exp.Values)
_LATERAL = frozenset(("duckdb",))
_SELF_REFERRING = frozenset(("tsql", "sqlite", "snowflake"))


@dataclass(frozen=True, slots=True)
class Frame:
    """The names one WITH defines, by position. `forward`: also before they are defined."""

    names: dict[str, int]
    united: frozenset[int]
    forward: bool = False
    recursive: bool = False


@dataclass(slots=True, eq=False)
class Source:
    """A table as it stands in a scope. `whole`: every column of it is touched whatever the statement names."""

    node: Any
    name: str
    alias: str
    whole: bool


@dataclass(slots=True, eq=False)
class Scope:
    """What is visible at one place; `within` is the scope around it."""

    node: Any
    within: Scope | None = None
    frame: Frame | None = None
    body: int | None = None
    sources: list[Source] = field(default_factory=list)
    derived: set[str] = field(default_factory=set)
    columns: list[Any] = field(default_factory=list)
    stars: list[Any] = field(default_factory=list)
    joins: list[Any] = field(default_factory=list)

    def around(self) -> Iterator[Scope]:
        """This scope and those around it, nearest first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.within

    def defines(self, name: str, *, anchor: bool) -> bool:
        """Whether a WITH certainly defines `name` here; `anchor`: where a recursive query must not name itself."""
        for scope in self.around():
            at = scope.frame.names.get(name) if scope.frame else None
            if scope.frame is None or at is None:
                continue
            if scope.body is None or at < scope.body or (scope.frame.forward and at != scope.body):
                return True
            if at == scope.body and scope.frame.recursive and at in scope.frame.united and not anchor:
                return True
        return False


type _Todo = list[tuple[Any, Scope, Scope, bool]]


def scopes(statement: Any, dialect: str) -> list[Scope]:
    """Every scope of a statement, outermost first. Raises NotUnderstood when there are too many."""
    root = Scope(statement)
    found = [root]
    todo: _Todo = [(statement, root, root, False)]
    while todo:
        node, scope, outer, anchor = todo.pop()
        if len(found) > _MAX_SCOPES:
            raise NotUnderstood("too-many-names")
        clause = node.args.get("with_")
        if isinstance(clause, exp.With):
            scope = _with(node, clause, scope, dialect, found, todo)
        if isinstance(node, _OWNERS):
            outer, scope = scope, Scope(node, scope)
            found.append(scope)
        _collect(node, scope, dialect, anchor)
        _descend(node, scope, outer, anchor, dialect, todo)
    return found


def _with(node: Any, clause: Any, scope: Scope, dialect: str, found: list[Scope], todo: _Todo) -> Scope:
    parts = clause.expressions
    names: dict[str, int] = {}
    for at, part in enumerate(parts):
        alias = part.args.get("alias")
        if alias is not None and alias.this is not None and not part.args.get("scalar"):
            names.setdefault(exact(alias.this, dialect), at)
    united = frozenset(at for at, part in enumerate(parts) if isinstance(part.this, exp.SetOperation))
    recursive = bool(clause.args.get("recursive"))
    forward = recursive and dialect == "postgres"
    frame = Frame(names, united, forward, recursive or dialect in _SELF_REFERRING)
    for at, part in enumerate(parts):
        body = Scope(part, scope, frame, at)
        found.append(body)
        todo.append((part, body, body, False))
    inner = Scope(node, scope, frame)
    found.append(inner)
    return inner


def _descend(node: Any, scope: Scope, outer: Scope, anchor: bool, dialect: str, todo: _Todo) -> None:
    first = node.this if isinstance(node, exp.SetOperation) else None
    for child in node.iter_expressions(reverse=True):
        if child.arg_key in ("with_", "settings"):
            continue
        inner = scope
        if isinstance(node, exp.Insert | exp.Create) and child.arg_key == "expression" and _is_query(child):
            inner = outer  # the target of an INSERT is not visible in its query
        elif dialect not in _LATERAL and _is_source(child, node):
            inner = _beside(scope)
        todo.append((child, inner, outer, anchor or child is first))


def _is_source(child: Any, node: Any) -> bool:
    """Whether a query stands in FROM."""
    placed = isinstance(node, exp.From | exp.Join) or child.arg_key == "using"
    return placed and isinstance(child, exp.Subquery) and _is_query(child)


def _beside(scope: Scope) -> Scope:
    """Where a query in FROM stands: it does not see its neighbours."""
    return scope.within if scope.within is not None and isinstance(scope.node, _OWNERS) else scope


def _is_query(node: Any) -> bool:
    while isinstance(node, exp.Paren | exp.Subquery):
        node = node.this
    return isinstance(node, _QUERIES)


def _collect(node: Any, scope: Scope, dialect: str, anchor: bool) -> None:
    if isinstance(node, exp.Table):
        _table(node, scope, dialect, anchor)
    elif isinstance(node, exp.Column):
        scope.columns.append(node)
    elif isinstance(node, exp.Star):
        if not isinstance(node.parent, exp.Column | exp.Count):
            scope.stars.append(node)
    elif isinstance(node, exp.Join):
        scope.joins.append(node)
    elif isinstance(node, exp.Parameter | exp.PositionalColumn | exp.Columns):
        if dialect == "snowflake" or not isinstance(node, exp.Parameter):
            scope.stars.append(node)  # `$1` of Snowflake is a column by its place
    elif isinstance(node.args.get("alias"), exp.TableAlias) and not isinstance(node, exp.CTE):
        alias = node.args["alias"]
        names = [alias.this] if alias.this is not None else alias.args.get("columns") or [None]
        for name in names:
            _derived(node, spelled(name, dialect), scope)


def _derived(node: Any, alias: str, scope: Scope) -> None:
    """An alias of a query hides nothing; one of joined tables in brackets stands for all of them."""
    if isinstance(node, exp.Subquery) and not _is_query(node):
        for table in node.find_all(exp.Table):
            table.meta["whole"] = True
    scope.derived.add(alias)


def _table(node: Any, scope: Scope, dialect: str, anchor: bool) -> None:
    alias = node.args.get("alias")
    called = spelled(alias.this, dialect) if alias is not None and alias.this is not None else ""
    if not isinstance(node.this, exp.Identifier | exp.Dot):
        scope.derived.add(called)  # a function
        return
    name = ".".join(part for part in (spelled(part, dialect) for part in node.parts) if part)
    if not node.args.get("db") and not _is_target(node) and scope.defines(exact(node.this, dialect), anchor=anchor):
        scope.derived.add(called or name)
        return
    columns = bool(alias is not None and alias.args.get("columns"))
    whole = columns or bool(node.args.get("pivots")) or "whole" in node.meta or not _is_plain(node)
    scope.sources.append(Source(node, name, called, whole))


def _is_target(node: Any) -> bool:
    """Whether a table is what a statement changes; that is never a name of its WITH, except in T-SQL."""
    return isinstance(node.parent, exp.Insert | exp.Update | exp.Delete | exp.Merge | exp.Schema | exp.Into) and (
        node.arg_key in ("this", "tables")
    )


def _is_plain(node: Any) -> bool:
    """Whether a table stands where only the columns that are named are touched."""
    parent = node.parent
    while isinstance(parent, exp.Final):
        parent = parent.parent
    if isinstance(parent, exp.From | exp.Join | exp.Update):
        return True
    if isinstance(parent, exp.Delete):
        return node.arg_key == "using" or (node.arg_key == "this" and bool(parent.args.get("tables")))
    if isinstance(parent, exp.Merge):
        return True
    if isinstance(parent, exp.Schema):
        return isinstance(parent.parent, exp.Insert | exp.Copy)
    return isinstance(parent, exp.Subquery)
