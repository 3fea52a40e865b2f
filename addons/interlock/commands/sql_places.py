"""What a statement reads from besides plain tables: files, other servers, locked rows, and odd transactions."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from interlock.commands.sql_dialects import Lexis
from interlock.commands.sql_facts import Facts, table_name
from interlock.commands.sql_kinds import STARTERS
from interlock.model import Access

__all__ = ["check_engine", "check_names", "check_places", "is_plain_transaction", "is_query"]

_HARMLESS_HINTS = frozenset(
    ("nolock", "readuncommitted", "readcommitted", "readcommittedlock", "readpast", "noexpand", "forceseek",
     "forcescan", "nowait", "rowlock", "snapshot", "keepidentity", "keepdefaults")
)  # fmt: skip
_ENDINGS = """
    csv tsv json jsonl ndjson parquet orc avro xls xlsx txt gz zst bz2 zip lance vortex shp gpkg geojson db duckdb
    sqlite sqlite3
"""
_FILE = re.compile(rf"[/\\]|\.({'|'.join(_ENDINGS.split())})\Z", re.IGNORECASE)
_ENGINES = frozenset(
    ("innodb", "myisam", "memory", "aria", "log", "tinylog", "stripelog", "null", "set", "join", "view", "atomic")
)
_MODULES = frozenset(("fts3", "fts4", "fts5", "fts5vocab", "fts4aux", "rtree", "rtree_i32", "geopoly", "spellfix1"))
_WORD = re.compile(r"[\w $-]+\Z")
_MODE = re.compile(
    r"(READ (ONLY|WRITE)|WITH CONSISTENT SNAPSHOT|(NOT )?DEFERRABLE|ISOLATION LEVEL [A-Z ]+)\Z", re.IGNORECASE
)
_QUERIES = (exp.Select, exp.SetOperation, exp.Values, exp.Table, exp.Summarize, exp.Pivot)
_MOST_PARTS = 3


def is_query(statement: Any) -> bool:
    """Whether a statement in brackets is a query: `(SELECT 1)`, not `(x)`."""
    while isinstance(statement, exp.Paren | exp.Subquery):
        statement = statement.this
    return isinstance(statement, _QUERIES)


def is_plain_transaction(statement: Any) -> bool:
    """Whether a BEGIN or START begins a transaction; `START REPLICA` looks the same to the parser."""
    modes = statement.args.get("modes") or ()
    return all(type(mode) is str and _MODE.match(mode) for mode in modes)


def check_places(statement: Any, lexis: Lexis, facts: Facts) -> None:
    """Adds what the tables of a statement say about themselves."""
    for table in statement.find_all(exp.Table):
        name = table_name(table)
        if table.name.lower() in ("infile", "outfile", "dumpfile"):
            facts.raise_to(Access.ADMIN, "files")
        if lexis.parser == "tsql" and table.name.lower() in ("openrowset", "openquery", "opendatasource"):
            facts.raise_to(Access.ADMIN, "network")
        if isinstance(table.this, exp.Identifier) and _is_file(table.this, name, lexis):
            facts.raise_to(Access.ADMIN, "files")
        if lexis.parser == "tsql" and isinstance(table.this, exp.Dot) and table.args.get("catalog") is not None:
            facts.raise_to(Access.ADMIN, "network")  # server...table
        if lexis.parser == "tsql" and name.count(".") + _dots(table.this) >= _MOST_PARTS:
            facts.raise_to(Access.ADMIN, "network")  # server.database.schema.table
        _check_alias(table, facts)
    for hint in statement.find_all(exp.WithTableHint):
        _check_hints([str(getattr(part, "name", part)) for part in hint.expressions], facts)
    for column in statement.find_all(exp.Column):
        if column.name.lower() == "nextval" and column.table:
            facts.raise_to(Access.ADMIN, "session")  # SEQUENCE.NEXTVAL draws a number


def check_engine(node: Any, kind: str, facts: Facts) -> None:
    """An engine that keeps its rows itself; others fetch them from files and other servers.

    The same for the source of a ClickHouse dictionary and the module of a virtual table in SQLite.
    """
    if kind == "DictProperty":
        fetched = str(node.this).upper() == "SOURCE" and (
            str(node.args.get("kind")).upper() != "CLICKHOUSE"
            or any(part.name.lower() == "host" for part in node.find_all(exp.Identifier))
        )
        facts.raise_to(Access.ADMIN, *(["network"] if fetched else []))
        return
    if kind == "ModuleProperty":
        facts.raise_to(*((Access.DDL,) if node.this.name.lower() in _MODULES else (Access.ADMIN, "files")))
        return
    name = str(getattr(node.this, "name", node.this)).lower()
    kept = name in _ENGINES or name.endswith("mergetree")
    facts.raise_to(*((Access.DDL,) if kept else (Access.ADMIN, "network")))


def check_names(node: Any, kind: str, dialect: str, facts: Facts) -> None:
    """A name that could begin a statement which the parser took for an alias or a column; what is no table's name."""
    if kind == "Identifier":
        alias = node.arg_key == "alias" or isinstance(node.parent, exp.TableAlias)
        if alias and not node.args.get("quoted") and node.name.lower() in STARTERS:
            facts.unknown("statement-without-separator")
    elif kind == "Column":
        name = node.name.lower()
        if name in STARTERS and not node.this.args.get("quoted"):
            facts.unknown("statement-without-separator")
    elif kind == "Table" and type(node.this).__name__ == "Var":
        facts.raise_to(Access.ADMIN, "files")
    elif (  # in T-SQL, a variable may be a table
        kind == "Table"
        and not isinstance(node.this, exp.Identifier | exp.Func | exp.Dot | exp.Schema | None)
        and not (
            dialect == "tsql"
            and isinstance(node.this, exp.Parameter)
            and node.find_ancestor(exp.Execute, exp.ExecuteSql) is None
        )
    ):
        facts.unknown()


def _is_file(identifier: Any, name: str, lexis: Lexis) -> bool:
    """A quoted name that looks like a path; DuckDB opens `data.csv` without quotes too, and whatever is no table."""
    if identifier.args.get("quoted"):
        return bool(_FILE.search(identifier.name)) or (lexis.parser == "duckdb" and not _WORD.match(identifier.name))
    return lexis.parser == "duckdb" and bool(_FILE.search(name))


def _dots(name: Any) -> int:
    return 1 + _dots(name.this) if isinstance(name, exp.Dot) else 0


def _check_alias(table: Any, facts: Facts) -> None:
    """`FROM file('x')` comes back as a table without alias but with columns: a call, or T-SQL's old hints."""
    alias = table.args.get("alias")
    if alias is None or alias.this is not None or not alias.args.get("columns"):
        return
    columns = alias.args["columns"]
    if any(column.args.get("quoted") for column in columns):
        facts.unknown("unknown-function")
    else:
        _check_hints([column.name for column in columns], facts)


def _check_hints(names: list[str], facts: Facts) -> None:
    if not {name.lower() for name in names} <= _HARMLESS_HINTS:
        facts.raise_to(Access.WRITE, "locks")
