"""What a database client's text is as SQL: files that it names, its ends of statements, names that the run puts in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from interlock.commands.shell_call import Verdict
from interlock.commands.shell_secrets import secret

if TYPE_CHECKING:
    from interlock.commands.shell_judge import Judge
    from interlock.model import Operation

__all__ = ["as_sql", "drops"]

_DATA_FILE = re.compile(
    r"\b(from|join)\s+(?:read_(?:csv|parquet|json|ndjson)(?:_auto)?(?P<call>\(\s*))?'([\w./*-]+"
    r"\.(?:parquet|csv|tsv|jsonl?|ndjson)(?:\.(?:gz|zst))?)'(?(call)\s*\))",
    re.IGNORECASE,
)
"""A file of data where a table may stand, by its name or in a call that reads it."""
_MAX_TEXT = 1 << 13
_PUT_IN = re.compile(r"\$\{?\w+\}?|\$\([^()]{0,200}\)|`[^`]{0,200}`")
_SHOWN_DOWN = re.compile(r"\\[Gg](?=\s*(?:\Z|[A-Za-z]))")
"""MySQL's client ends a statement with it, as `;` does."""


def as_sql(text: str, client: str, verdict: Verdict) -> str:
    """The text as the database gets it. DuckDB reads files of its own user, as cat does: they are named as tables."""
    if client in ("mysql", "mariadb", "mycli"):
        return _SHOWN_DOWN.sub(";", text)
    if client != "duckdb":
        return text
    for found in _DATA_FILE.finditer(text):
        if secret(found[3]):
            verdict.flags["secret-read"] = None
    return _DATA_FILE.sub(lambda found: f"{found[1]} {re.sub(r'[^A-Za-z0-9]', '_', 'file_' + found[3])}", text)


def drops(text: str, dialect: str, judge: Judge) -> list[Operation]:
    """What SQL with names that the run puts in does to whole tables, whatever these are; nothing where it does not."""
    found = judge.nest(_PUT_IN.sub("x", text), "sql", dialect) if len(text) <= _MAX_TEXT else ()
    certain = [one for one in found if "not-understood" not in str(one.arguments.get("flags"))]
    return [one for one in certain if one.action == "ddl" or "no-where" in str(one.arguments.get("flags"))]
