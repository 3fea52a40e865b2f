"""Judges one parsed SQL statement: what it does at most, by a whitelist of what is known to be harmless."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlglot import exp

from interlock.commands.sql_calls import check_call, check_called
from interlock.commands.sql_columns import touched
from interlock.commands.sql_data import check_copy, check_data
from interlock.commands.sql_dialects import Lexis
from interlock.commands.sql_executed import executed
from interlock.commands.sql_expiry import expires
from interlock.commands.sql_explain import CURSOR, FETCH, explain_options, scripted
from interlock.commands.sql_facts import Facts
from interlock.commands.sql_kinds import (
    ADMIN,
    COMMANDS,
    DATA,
    FLAGGED,
    HARMLESS,
    OPAQUE,
    PRAGMAS,
    READS,
    STRUCTURE,
)
from interlock.commands.sql_names import CHANGING, DEFINING, NODES
from interlock.commands.sql_places import check_engine, check_names, check_places, is_plain_transaction, is_query
from interlock.commands.sql_settings import (
    check_call_of_procedure,
    check_pragma,
    check_query_settings,
    check_set,
    check_use,
    sets_variables,
)
from interlock.commands.sql_structure import check_structure, is_plain_type
from interlock.commands.sql_suspect import begins_another, is_new, suspicions
from interlock.commands.sql_system import check_system
from interlock.model import Access

__all__ = ["judge"]

type Parse = Callable[[str, Lexis], list[Any]]

_MUTATION = re.compile(r"\s*table\s+([\w.`\"]+)\s+update\s+(.+)", re.IGNORECASE | re.DOTALL | re.ASCII)
_SHOWN = re.compile(r"[\w .]+( '[\w%. -]*')?", re.ASCII)
_MAX_EXPLAIN = 4
_READ_BY = {"Partition": ("Table",), "ColumnDef": ("XMLTable",)}
_ACTING = {"DropPartition": "drop", "ReplacePartition": "drop", "DropPrimaryKey": "drop", "SwapTable": "rename"}


def judge(statement: Any, lexis: Lexis, parse: Parse, depth: int = 0) -> Facts:
    """Everything the statement would do. `parse` reads the tail of statements the parser leaves as text."""
    facts = Facts()
    root = type(statement).__name__
    if root == "Command":
        _command(statement, lexis, parse, facts, depth)
        return facts
    if root == "Describe":
        _describe(statement, lexis, parse, facts, depth)
        return facts
    if root == "ExecuteSql" and depth < _MAX_EXPLAIN and (text := executed(statement, lexis)):
        _merge(text, lexis, parse, facts, depth)
        if facts.access is Access.READ:
            return facts
    if root in READS and is_query(statement):
        facts.kinds["select"] = None
    elif root in HARMLESS and (root != "Transaction" or is_plain_transaction(statement)):
        facts.kinds[HARMLESS[root]] = None
        return facts
    elif root == "Declare":
        facts.kinds["declare"] = None
    elif root not in DATA and root not in STRUCTURE and root not in ADMIN:
        facts.unknown()
    if settings := statement.args.get("settings"):
        check_query_settings(settings, facts)
    _walk(statement, lexis.parser, facts)
    facts.take(touched(statement, lexis.parser))
    if root in ("Summarize", "Pivot"):
        if not isinstance(statement.this, exp.Table | exp.Query):
            facts.raise_to(Access.ADMIN, "files")  # SUMMARIZE 'x.csv'
        facts.columns.update((f"{table}.*", None) for table in facts.reads)
    check_system(facts, lexis.parser)
    check_places(statement, lexis, facts)
    if root == "Copy":
        check_copy(statement, facts)
    if root == "Alter" and expires(statement.sql(lexis.parser)):
        facts.kinds["expire"] = None
    return facts


def _walk(statement: Any, dialect: str, facts: Facts) -> None:
    known = NODES | CHANGING
    for node in statement.walk():
        kind = type(node).__name__
        if kind in DATA:
            check_data(node, kind, facts)
        elif kind in STRUCTURE:
            check_structure(node, kind, facts)
        elif kind in ADMIN:
            _admin(node, kind, dialect, facts)
        elif kind == "Into":
            facts.kinds["select-into"] = None
            facts.raise_to(Access.DDL)
        elif kind == "Lock":
            facts.raise_to(Access.WRITE, "locks")
        elif isinstance(node, exp.Func) and kind not in ("And", "Or", "Xor"):
            check_call(node, kind, dialect, facts)
        elif kind in ("And", "Or", "Xor") or kind in known:
            check_names(node, kind, dialect, facts)
        elif kind == "PropertyEQ" and isinstance(node.parent, exp.Struct if dialect != "duckdb" else exp.Func):
            continue
        elif kind == "PropertyEQ" and dialect == "mysql" and isinstance(node.this, exp.Parameter):
            facts.raise_to(Access.ADMIN)  # `@row := @row + 1`, as SET @row
        elif kind == "Summarize" and node is statement:
            continue
        elif kind in ("EngineProperty", "DictProperty", "ModuleProperty"):
            check_engine(node, kind, facts)
        elif kind in _READ_BY and type(node.parent).__name__ in _READ_BY[kind]:
            continue
        elif kind in DEFINING:
            facts.raise_to(Access.DDL)
            if kind in _ACTING:
                facts.kinds[_ACTING[kind]] = None
        elif kind in ("ExternalProperty", "RemoteWithConnectionModelProperty"):
            facts.raise_to(Access.ADMIN, "network")
        elif facts.access >= Access.ADMIN:
            facts.raise_to(Access.ADMIN)  # an admin statement's details change nothing
        else:
            facts.unknown() if kind == "Command" or facts.access < Access.DDL else facts.raise_to(Access.ADMIN)


def _admin(node: Any, kind: str, dialect: str, facts: Facts) -> None:
    facts.kinds[ADMIN[kind]] = None
    if kind == "Set" and sets_variables(node, dialect):
        return  # what runs a variable's text is judged where it does
    if kind == "Set" and dialect == "clickhouse":
        check_query_settings([item.this for item in node.expressions], facts)
    elif kind == "Set":
        check_set(node.sql(dialect).partition(" ")[2], facts)
    elif kind == "Use":
        check_use(node, facts)
    elif kind == "Pragma":
        check_pragma(node, PRAGMAS, facts)
    elif kind == "Execute":
        check_call_of_procedure(node, facts)
    else:
        facts.raise_to(Access.ADMIN, *([FLAGGED[kind]] if kind in FLAGGED else []))


def _describe(statement: Any, lexis: Lexis, parse: Parse, facts: Facts, depth: int) -> None:
    facts.kinds["explain"] = None
    inner = statement.this
    if isinstance(inner, exp.Table):
        facts.take(touched(inner, lexis.parser))
        facts.columns.clear()
        check_places(inner, lexis, facts)
        return
    style = str(statement.args.get("style") or "").upper()
    runs = style not in ("", "FORMATTED", "EXTENDED", "PARTITIONS") or lexis.parser == "tsql"
    _explained(judge(inner, lexis, parse, depth + 1), runs, facts)


def _explained(inner: Facts, runs: bool, facts: Facts) -> None:
    """EXPLAIN carries its statement out only with ANALYZE; planning may still call functions."""
    if runs or inner.access >= Access.ADMIN:
        facts.merge(inner)
        return
    inner.access = Access.READ
    inner.reads.update(inner.writes)
    inner.kinds, inner.objects, inner.writes, inner.flags = {}, {}, {}, {}
    facts.merge(inner)


def _command(statement: Any, lexis: Lexis, parse: Parse, facts: Facts, depth: int) -> None:
    name = str(statement.this).lower()
    tail = getattr(statement.expression, "name", "") or str(statement.args.get("expression") or "")
    facts.kinds[name] = None
    if name == "alter" and expires(tail):
        facts.kinds["expire"] = None
    if lexis.parser == "tsql" and name in ("set", "declare", "print", "show") and begins_another(tail):
        facts.unknown("statement-without-separator")
    if name == "explain" and depth < _MAX_EXPLAIN:
        runs, rest = explain_options(tail)
        runs = runs or lexis.parser == "tsql"  # there it calls a procedure, and what follows runs
        inner = parse(rest, lexis)
        for part in inner:
            _explained(judge(part, lexis, parse, depth + 1), runs, facts)
        if len(inner) != 1:
            facts.unknown()
    elif lexis.parser == "bigquery" and depth < _MAX_EXPLAIN and (texts := scripted(name, tail)) is not None:
        for text in texts:
            _merge(text, lexis, parse, facts, depth)
        facts.raise_to(Access.READ if facts.access is Access.READ else Access.ADMIN)
    elif name == "call" and lexis.parser == "duckdb" and depth < _MAX_EXPLAIN:
        _merge(f"SELECT * FROM {tail}", lexis, parse, facts, depth)  # noqa: S608 - to be read, never run
        if facts.access is not Access.READ:
            facts.raise_to(Access.ADMIN, "opaque")
    elif name in ("set", "reset"):
        check_set(tail if name == "set" else f"{tail} = default", facts)
    elif name == "alter" and lexis.parser == "clickhouse" and (change := _MUTATION.fullmatch(tail)):
        _merge(f"UPDATE {change[1]} SET {change[2]}", lexis, parse, facts, depth)  # noqa: S608 - to be read, never run
        facts.raise_to(Access.DDL)
    elif name == "declare" and lexis.parser == "postgres" and (cursor := CURSOR.match(tail)) and depth < _MAX_EXPLAIN:
        _merge(tail[cursor.end() :], lexis, parse, facts, depth)
    elif (name == "fetch" and lexis.parser == "postgres" and FETCH.fullmatch(tail)) or (
        name == "show" and _SHOWN.fullmatch(tail)
    ):
        return
    elif name == "replace" and (lexis.conditional or lexis.parser == "sqlite"):
        _merge("insert " + tail, lexis, parse, facts, depth)
        facts.raise_to(Access.WRITE)
    else:
        _unread(name, tail, facts)


def _merge(text: str, lexis: Lexis, parse: Parse, facts: Facts, depth: int) -> None:
    """Adds what a text does that runs as part of the statement."""
    for part in parse(text, lexis):
        facts.merge(judge(part, lexis, parse, depth + 1))


def _unread(name: str, tail: str, facts: Facts) -> None:
    """A statement that stays text: what its words speak of."""
    kinds, flags = suspicions(f"{name} {tail}")
    facts.kinds.update(dict.fromkeys(kinds))
    flags += [] if name == "create" and is_plain_type(tail) else [COMMANDS.get(name, "opaque")]
    facts.raise_to(Access.ADMIN, *flags, *(["opaque"] if name in OPAQUE else []))
    if name == "call":
        check_called(tail, facts)
    if is_new(name):
        facts.unknown()
