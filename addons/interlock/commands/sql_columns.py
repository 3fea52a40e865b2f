"""Which tables and columns a statement touches. Nothing that it can read is missing; some that it cannot may be named.

- `writes`: tables whose rows or definition it changes. `reads`: all other tables, and of the changed ones those it
  also reads (a column in WHERE, on the right of SET, in RETURNING, as PostgreSQL asks for SELECT there).
- `columns`: `table.column` for each column that is read or written, whatever alias, CTE or query it goes through; the
  table is spelled as in `tables`, so the column is what follows the last dot.
- A column without its table is one entry for each table it could belong to. `customers.*` is every column: `SELECT *`,
  the row as a value (`SELECT c FROM customers c`), renamed columns (`customers AS c(x, y)`), NATURAL, RETURNING *,
  INSERT without a list, DELETE, and whatever changes the table itself. `*.*` is any column of any table.
- Tables that are only counted or joined without naming a column have no entry in `columns`.

Taken for granted is the database's default mode of quoting: QUOTED_IDENTIFIER in T-SQL, no ANSI_QUOTES in MySQL.
"""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from interlock.commands.sql_folding import spelled
from interlock.commands.sql_marks import is_written, names_output
from interlock.commands.sql_scope import Scope
from interlock.commands.sql_tables import Tables, Touched, ends

__all__ = ["touched"]

_STRUCTS = frozenset(("duckdb", "bigquery", "clickhouse"))
_NO_ROWS = frozenset(("mysql", "tsql"))
_LISTED = frozenset(("sqlite", "clickhouse"))
_PROPOSED = frozenset(("excluded", "inserted", "new"))
_FORMER = frozenset(("deleted", "old"))
_OF_ROWS = """
    any_value array_agg concat count cume_dist dense_rank hash_record json_agg json_agg_strict json_build_array
    json_build_object jsonb_agg jsonb_agg_strict jsonb_build_array jsonb_build_object max min mode num_nonnulls
    num_nulls percent_rank pg_collation_for pg_column_compression pg_column_size pg_typeof quote_literal
    quote_nullable rank record_out record_send row_to_json to_json to_jsonb
"""
_ROW_FUNCTIONS = frozenset(_OF_ROWS.split())
_SHORT = 2


def touched(statement: Any, dialect: str) -> Touched:
    """The tables and columns of a parsed statement. Raises NotUnderstood when there are too many."""
    tables = Tables(statement, dialect)
    columns = _Columns(tables)
    for scope in tables.scopes:
        columns.resolve(scope)
    return tables.found


class _Columns:
    """The columns of one statement."""

    __slots__ = ("dialect", "outputs", "seen", "tables")

    def __init__(self, tables: Tables) -> None:
        self.tables, self.dialect = tables, tables.dialect
        self.outputs: dict[int, set[str]] = {}
        self.seen: set[tuple[int, str]] = set()

    def resolve(self, scope: Scope) -> None:
        for source in scope.sources:
            if source.whole:
                self.tables.whole(source.name)
        if scope.stars:
            only = all(isinstance(star, exp.Star) for star in scope.stars)
            self.tables.entry(scope.sources if only else self.tables.visible(scope), "*", read=True)
        for join in scope.joins:
            self._join(join, scope)
        for column in scope.columns:
            if not names_output(column, self.dialect, self.outputs):
                self._column(column, scope)
        self._lists(scope)

    def _join(self, join: Any, scope: Scope) -> None:
        if str(join.args.get("method") or "").upper() == "NATURAL":
            self.tables.entry(scope.sources, "*")
        for part in join.args.get("using") or ():
            name = part.this if isinstance(part, exp.Column) else part
            self.tables.entry(scope.sources, spelled(name, self.dialect))

    def _lists(self, scope: Scope) -> None:
        """Columns that stand as bare names: INSERT INTO t (a, b), COPY t (a, b)."""
        node = scope.node
        this = node.this if isinstance(node, exp.Insert | exp.Copy) else None
        if isinstance(this, exp.Schema):
            target = [source for source in scope.sources if source.node is this.this]
            for part in this.expressions:
                name = part if isinstance(part, exp.Identifier) else part.this
                self.tables.entry(target, spelled(name, self.dialect))
        if isinstance(node, exp.Merge):
            self._merged(scope)
        returning = node.args.get("returning")
        if returning is not None and isinstance(returning.args.get("into"), exp.Identifier):
            self.tables.write_name(returning.args["into"])  # T-SQL: OUTPUT ... INTO

    def _merged(self, scope: Scope) -> None:
        for when in scope.node.find_all(exp.When):
            then = when.args.get("then")
            if not isinstance(then, exp.Update) and not (isinstance(then, exp.Insert) and then.this is not None):
                self.tables.entry(self.tables.changed(scope), "*")

    def _column(self, column: Any, scope: Scope) -> None:
        parts = [spelled(part, self.dialect) for part in column.parts if isinstance(part, exp.Identifier)]
        if not isinstance(column.this, exp.Identifier):
            parts.append("*")  # `t.*`, and what Snowflake names by its place
        written = is_written(column)
        key = (id(scope), f"{'.'.join(parts)} {written} {column.arg_key}")
        if key in self.seen:
            return
        self.seen.add(key)
        if self.dialect in _LISTED and column.arg_key == "field" and len(parts) <= 2:
            self._table(parts, column, scope)
        elif len(parts) == 1:
            self._unqualified(parts[0], scope, written=written)
        else:
            self._qualified(parts, scope, written=written)

    def _table(self, parts: list[str], column: Any, scope: Scope) -> None:
        """`x IN orders` reads a table."""
        if len(parts) > 1 or not scope.defines(spelled(column.this, self.dialect), anchor=True):
            name = ".".join(parts)
            self.tables.found.reads[name] = None
            self.tables.whole(name)

    def _unqualified(self, name: str, scope: Scope, *, written: bool) -> None:
        if written and self.dialect != "mysql":
            self.tables.entry(self.tables.changed(scope), name)
            return
        sources = self.tables.visible(scope)
        if written:
            self.tables.write(sources)  # MySQL: SET may name any table of the join
        self.tables.entry(sources, name, read=not written)
        if self.dialect not in _NO_ROWS:
            self.tables.entry(self.tables.called(name, scope), "*", read=True)  # the row as a value
        if not sources and not any(inner.derived for inner in scope.around()):
            self._anything()

    def _qualified(self, parts: list[str], scope: Scope, *, written: bool) -> None:
        for at in range(len(parts) - 1, 0, -1):
            qualifier = ".".join(parts[:at])
            sources = self.tables.called(qualifier, scope)
            if written:
                self.tables.write(sources)
            self.tables.entry(sources, parts[at], read=not written)
            if (
                self.dialect == "postgres" and parts[at] in _ROW_FUNCTIONS
            ):  # PostgreSQL: c.row_to_json is row_to_json(c)
                self.tables.entry(sources, "*", read=True)
            if sources or any(qualifier in inner.derived for inner in scope.around()):
                self._struct(parts[0], scope)
                return
        self._odd(parts, scope, written=written)

    def _struct(self, first: str, scope: Scope) -> None:
        """`secret.x` may be a member of a column `secret`, even where a table is called that as well."""
        if self.dialect in _STRUCTS and len(first) > _SHORT:
            sources = self.tables.visible(scope)
            if all(not ends(source.name, [first]) for source in sources):
                self.tables.entry(sources, first, read=True)

    def _odd(self, parts: list[str], scope: Scope, *, written: bool) -> None:
        changed = self.tables.changed(scope)
        if changed and len(parts) == 2 and parts[0] in _PROPOSED | _FORMER:
            self.tables.entry(changed, parts[1], read=parts[0] in _FORMER)
            return
        sources = self.tables.visible(scope)
        same = [source for source in sources if ends(source.name, parts[:-1])]
        if same:
            self.tables.entry(same, parts[-1], read=not written)
        elif self.dialect in _STRUCTS and sources:
            self.tables.entry(sources, parts[0], read=True)
        else:
            self._anything()

    def _anything(self) -> None:
        if self.tables.any:
            self.tables.found.columns["*.*"] = None
