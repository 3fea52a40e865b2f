"""Whether a function in a statement is known to only compute, and what the others could be."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from interlock.commands.sql_facts import Facts
from interlock.commands.sql_functions import ELSEWHERE, FUNCTIONS, WARNED
from interlock.commands.sql_names import TYPED
from interlock.model import Access

__all__ = ["check_call"]

_BY_NAME = frozenset(
    ("Anonymous", "AnonymousAggFunc", "CombinedAggFunc", "CombinedParameterizedAgg", "ParameterizedAgg")
)
_COMBINATORS = re.compile(
    r"(if|array|map|simplestate|state|merge|mergestate|foreach|distinct|ordefault|ornull|resample|argmin|argmax)+\Z"
)
_SYSTEM = frozenset(("pg_catalog", "information_schema", "safe"))


def check_call(node: Any, kind: str, dialect: str, facts: Facts) -> None:
    """Adds a call to the facts: one of another schema than the system's, or of no known name, is administration."""
    by_name = kind in _BY_NAME
    name = (node.name if by_name else node.sql_name()).lower()
    facts.functions[name] = None
    owner = node.parent
    foreign = isinstance(owner, exp.Dot) and owner.expression is node and owner.this.name.lower() not in _SYSTEM
    if isinstance(owner, exp.Table) and owner.this is node and owner.db:
        foreign = owner.db.lower() not in _SYSTEM
    known = _is_known(name, dialect) if by_name else kind in TYPED
    if known and not foreign:
        return
    if isinstance(owner, exp.Dot) and owner.this.name.lower() == "cron":
        facts.functions[f"cron.{name}"] = None  # pg_cron keeps statements to run later
        facts.flags["code"] = None
    flags = [flag for flag, starts in WARNED.items() if name.startswith(starts)]
    facts.raise_to(Access.ADMIN, "unknown-function", *flags)


def _is_known(name: str, dialect: str) -> bool:
    if name in ELSEWHERE.get(dialect, ()):
        return False
    return name in FUNCTIONS or (dialect == "clickhouse" and _COMBINATORS.sub("", name) in FUNCTIONS)
