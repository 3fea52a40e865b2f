"""How each database tells names apart, and how an operation spells them.

An unquoted name comes out in lower case, whatever its database folds to. So does a quoted one where the database
ignores case, or where it means the same as the unquoted one. A name that only quotes can spell (`"Customers"` in
PostgreSQL, `"orders"` in Snowflake, `"a.b"` anywhere) keeps its case and stands in double quotes: no plain name is
equal to it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

__all__ = ["exact", "spelled"]

_FOLDED = frozenset(("postgres", "snowflake"))
_UNICODE = frozenset(("tsql", "mysql"))
_EXACT = frozenset(("clickhouse", "bigquery", "mysql"))
_PLAIN = re.compile(r"[\w$#@%-]+(?: [\w$#@%-]+)*\Z")
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def spelled(identifier: Any, dialect: str) -> str:
    """One part of a name, as `tables` and `columns` of an operation hold it; "" for a part that is missing."""
    name = str(getattr(identifier, "name", "") or "")
    if not name:
        return ""
    lower = name.translate(_LOWER)
    if not name.isascii() and dialect in _UNICODE:
        lower = unicodedata.normalize("NFKC", lower).casefold()  # collations that ignore width and case
    if dialect == "bigquery" and "*" in name:
        return "*"  # `orders_*` is every table that begins so
    if dialect == "bigquery" and lower.startswith("information_schema."):
        return lower  # two parts that the parser joins
    if identifier.args.get("quoted") and dialect in _FOLDED:
        folded = lower if dialect == "postgres" else name.upper()
        if name != folded:
            return f'"{name}"'
    return lower if _PLAIN.match(name) else f'"{lower}"'


def exact(identifier: Any, dialect: str) -> str:
    """The spelling under which a WITH defines a name: two that differ here may be two names to the database."""
    return str(identifier.name) if dialect in _EXACT else spelled(identifier, dialect)
