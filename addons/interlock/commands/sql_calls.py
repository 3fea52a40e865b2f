"""Whether a function in a statement is known to only compute, and what the others could be."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import Facts
from interlock.commands.sql_functions import is_known
from interlock.commands.sql_names import TYPED
from interlock.commands.sql_warnings import warned
from interlock.model import Access

__all__ = ["check_call", "check_called"]

_BY_NAME = frozenset(
    ("Anonymous", "AnonymousAggFunc", "CombinedAggFunc", "CombinedParameterizedAgg", "ParameterizedAgg")
)
_SYSTEM = frozenset(("pg_catalog", "information_schema", "safe"))
_OWNERS = {
    "bigquery": frozenset(("net", "keys", "hll_count", "kll_quantiles", "aead", "ml")),
    "tsql": frozenset(("sys",)),
    "mysql": frozenset(("sys",)),
}
_METHODS = frozenset(("value", "query", "exist", "nodes", "tostring", "lat", "long"))
_PLACES = frozenset(("geography", "geometry", "hierarchyid"))
_REACHING = frozenset(("cortex", "net", "http", "ai"))
_NUMBERING = frozenset(("nextval", "setval", "nextvaluefor"))
_NAMING = ("dictget", "dicthas", "dictisin", "joinget")
_MOST_RANDOM = 1_000_000
_CALLED = re.compile(r"\s*([\w.$]+)", re.ASCII)


def check_call(node: Any, kind: str, dialect: str, facts: Facts) -> None:
    """Adds a call to the facts: one of another schema than the system's, or of no known name, is administration."""
    by_name = kind in _BY_NAME
    name = (node.name if by_name else node.sql_name()).lower()
    facts.functions[name] = None
    if _is_method(node, name, dialect) or isinstance(node.parent, exp.Pragma):
        return
    foreign = _is_foreign(node, dialect)
    if not foreign and (is_known(name, dialect) if by_name else kind in TYPED):
        return
    if name in _NUMBERING and not foreign:
        facts.raise_to(Access.WRITE)
        return
    if not foreign and (_reads_named(node, name, dialect, facts) or _is_short(node, name)):
        return
    owner = node.parent
    if isinstance(owner, exp.Dot) and owner.this.name.lower() == "cron":
        facts.functions[f"cron.{name}"] = None  # pg_cron keeps statements to run later
        facts.flags["code"] = None
    package = owner.this.name if isinstance(owner, exp.Dot) else owner.db if isinstance(owner, exp.Table) else ""
    package = package.lower()
    flags = warned(name) or (warned(package) if package.startswith(("utl_", "dbms_", "aws_")) else [])
    flags += ["network"] if package in _REACHING else []
    facts.raise_to(Access.ADMIN, "unknown-function", *flags, *(["server"] if "session" in flags else []))


def check_called(text: str, facts: Facts) -> None:
    """Adds the procedure of a CALL, whose text follows the word, to the facts."""
    if called := _CALLED.match(text):
        name = called.group(1).lower()
        facts.functions[name] = None
        facts.flags.update(dict.fromkeys(warned(name.rpartition(".")[2])))


def _is_foreign(node: Any, dialect: str) -> bool:
    """Whether a call names a schema that is not the database's own."""
    owner = node.parent
    if isinstance(owner, exp.Dot) and owner.expression is node:
        name = owner.this.name.lower()
        return name not in _SYSTEM and name not in _OWNERS.get(dialect, ()) and dialect != "duckdb"
    if isinstance(owner, exp.Table) and owner.this is node and owner.db:
        return owner.db.lower() not in _SYSTEM and owner.db.lower() not in _OWNERS.get(dialect, ())
    return False


def _is_method(node: Any, name: str, dialect: str) -> bool:
    """T-SQL's `column.value(...)`, of XML and places: its functions can change nothing, whoever wrote them."""
    owner = node.parent
    dotted = isinstance(owner, exp.Dot) and owner.expression is node
    if isinstance(owner, exp.ScopeResolution):
        return owner.this.name.lower() in _PLACES  # geography::Point(...)
    dotted = dotted or (isinstance(owner, exp.Table) and owner.this is node and owner.args.get("db") is not None)
    return dialect == "tsql" and dotted and (name in _METHODS or name.startswith("st"))


def _reads_named(node: Any, name: str, dialect: str, facts: Facts) -> bool:
    """ClickHouse's `dictGet('prices', ...)` reads what its first argument names."""
    if dialect != "clickhouse" or not name.startswith(_NAMING):
        return False
    first = node.expressions[0] if node.expressions else None
    if not isinstance(first, exp.Literal) or not first.is_string:
        return False
    facts.reads[first.this.lower()] = None
    facts.columns[f"{first.this.lower()}.*"] = None
    return True


def _is_short(node: Any, name: str) -> bool:
    """SQLite's `randomblob(16)`; a long one takes memory and time."""
    first = node.expressions[0] if name == "randomblob" and node.expressions else None
    return isinstance(first, exp.Literal) and first.this.isdecimal() and int(first.this[:9]) <= _MOST_RANDOM
