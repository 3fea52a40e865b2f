"""What CREATE, ALTER, DROP and TRUNCATE amount to, by what they are about."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import Facts
from interlock.commands.sql_kinds import OBJECTS, STRUCTURE, TABLE_LIKE
from interlock.commands.sql_where import always_empty
from interlock.model import Access

__all__ = ["check_structure", "is_plain_type"]

_PLAIN = frozenset(
    ("TYPE", "DOMAIN", "STATISTICS", "STREAM", "TAG", "FILE FORMAT", "MODEL", "MATERIALIZED VIEW", "DYNAMIC TABLE", "",
     "SNAPSHOT TABLE", "MACRO", "SYNONYM", "SEARCH INDEX", "VECTOR INDEX", "COLLATION", "DICTIONARY",
     "PARTITION FUNCTION", "PARTITION SCHEME", "TEXT SEARCH CONFIGURATION", "CONVERSION")
)  # fmt: skip
_TYPE = re.compile(r"\s*type [\w.]+ as (enum ?\((\s*'[^']*'\s*,?)*\)|[a-z]+( ?\(\d+(, ?\d+)?\))?)\s*", re.IGNORECASE)
_INDEXES = re.compile(r"(NON)?CLUSTERED( COLUMNSTORE)? INDEX")
_IN_PLACE = (("TABLE", False), ("FUNCTION", True))


def check_structure(node: Any, kind: str, facts: Facts) -> None:
    """Adds what a node of such a kind makes, changes or drops."""
    facts.kinds[STRUCTURE[kind]] = None
    facts.raise_to(Access.DDL)
    if kind == "TruncateTable":
        facts.objects["table"] = None
        return
    thing = str(node.args.get("kind") or "").upper()
    thing = "INDEX" if _INDEXES.fullmatch(thing) else thing
    if kind == "Create" and node.args.get("replace") and thing in ("SCHEMA", "DATABASE"):
        facts.kinds["drop"] = None
    if kind == "Create" and (thing, bool(node.find(exp.TemporaryProperty))) in _IN_PLACE:
        _in_place(node, thing, facts)
        return
    facts.objects[thing.lower() or "unknown"] = None
    if thing not in TABLE_LIKE:
        facts.raise_to(Access.ADMIN, *(_flags(thing) if kind != "Drop" else []))
        if kind in ("Create", "Alter") and thing not in _PLAIN:
            facts.flags["opaque"] = None  # what runs beside the database, or connects it with others


def is_plain_type(tail: str) -> bool:
    """Whether what follows CREATE only names a list of words or another type: `TYPE mood AS ENUM ('sad', 'ok')`."""
    return _TYPE.fullmatch(tail) is not None


def _flags(thing: str) -> list[str]:
    return [OBJECTS[word] for word in dict.fromkeys((thing, *thing.split())) if word in OBJECTS]


def _in_place(node: Any, thing: str, facts: Facts) -> None:
    """CREATE OR REPLACE TABLE drops the table that stands; a TEMP FUNCTION in SQL ends with the session."""
    if thing == "FUNCTION":
        coded = node.find(exp.LanguageProperty) is not None or isinstance(node.expression, exp.Literal)
        facts.objects["function" if coded else "temporary function"] = None
        facts.raise_to(Access.ADMIN, *(["code"] if coded else []))
        return
    facts.objects["table"] = None
    if node.args.get("replace"):
        facts.flags["replaces"] = None
        if always_empty(node.expression):
            facts.kinds["drop"] = None
