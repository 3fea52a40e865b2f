"""Words for a search that begin like a statement: `create react app`, `truncate string python`.

Only for tools that are named as what searches, and only where no database takes the words for a statement: they hold
no sign of SQL (quotes, parentheses, operators, commas, comments), and what follows the verb is not what its grammar
wants in any dialect we know. Whatever is not surely prose stays SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = ["is_prose", "searches"]

_SEARCHES = re.compile(
    r"search|find|look_?up|docs?\b|documentation|wiki|retriev|knowledge|recall|browse|news|faq|semantic|similar|web"
)
_RUNS = re.compile(r"db|data_?base|sql|table|warehouse|exec|run|statement|store|admin|mutat|writ|updat|delet|insert")
_WORDS = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*", re.IGNORECASE)
_PLAIN = re.compile(r"(?:(?:[0-9]+(?:\.[0-9]+)+|[a-z0-9]+(?:['’-][a-z0-9]+)*)[?!:]?(?:[ \n]+|\Z))+\Z", re.IGNORECASE)
_MOST = 300
_KINDS = """
access aggregate all api application assembly asymmetric audit authorization availability cast catalog certificate
clustered collation column columnstore compute connection constraint conversion credential cryptographic database
databases default definer dictionary diskgroup domain dynamic edition endpoint event events extension external failover
fallback federation file foreign format full fulltext function functions git global group hybrid iceberg if image index
indexes instance integration invisible key language large library link live local logfile login macro managed masking
master materialized message model module named network nonclustered notebook notification operator or organization
package packages partition password permission persistent pipe policy pool privilege procedure procedures profile
projection public publication quota recursive remote replica replication reservation resource restrict role roles route
row rule schedule schema schemas search secret secure security selective sequence server service session settings shard
share snapshot spatial stage statistics stoplist stream streamlit subscription symmetric synonym system table tables
tablespace tag task temp temporary text trace transform transient trigger type undo unique unlogged user users view
views virtual volume warehouse warehouses workload xml
"""
_SETTINGS = """
role session global local persist names character charset transaction constraints time timezone password sql xact
default resource variable identity nocount rowcount statistics autocommit ansi arithabort quoted schema catalog search
path foreign on off to
"""
_OBJECTS, _SETS = frozenset(_KINDS.split()), frozenset(_SETTINGS.split())
_INSERTS = frozenset(
    ("into", "or", "ignore", "overwrite", "all", "first", "low", "high", "delayed", "values", "select", "default",
     "exec", "table")
)  # fmt: skip
_TRUNCATES = frozenset(
    ("table", "tables", "only", "if", "partition", "database", "all", "schema", "restart", "continue", "identity",
     "cascade", "restrict", "cluster")
)  # fmt: skip
_ALWAYS = frozenset(
    ("exec", "execute", "shutdown", "kill", "dbcc", "backup", "restore", "deny", "declare", "waitfor", "openrowset",
     "bulk", "reconfigure", "attach", "detach", "vacuum", "reindex", "load", "install", "pragma", "rename", "replace")
)  # fmt: skip
_BEGINS = frozenset(
    ("transaction", "work", "tran", "declare", "deferred", "immediate", "exclusive", "isolation", "read", "try",
     "catch", "atomic", "concurrent", "distributed", "dialog", "conversation")
)  # fmt: skip
_DELETES = frozenset(("from", "where", "top", "using", "as", "quick", "ignore", "only", "output"))
_USES = frozenset(("role", "warehouse", "database", "schema", "secondary"))
type _Says = Callable[[list[str]], bool]


def _one(words: list[str]) -> bool:
    return len(words) < 2


def _having(*wanted: str) -> _Says:
    return lambda words: not words or not set(wanted).isdisjoint(words)


_STATEMENTS: Mapping[str, _Says] = {
    **dict.fromkeys(("create", "drop", "alter"), lambda words: not words or words[0] in _OBJECTS),
    "delete": lambda words: _one(words) or not _DELETES.isdisjoint(words[:2]),
    "update": _having("set"),
    "insert": lambda words: not words or words[0] in _INSERTS or not _INSERTS.isdisjoint(words[1:3]),
    "select": lambda words: len(words) < 3 or not {"from", "into"}.isdisjoint(words),
    "grant": _having("to", "on"),
    "revoke": _having("from", "on"),
    "truncate": lambda words: _one(words) or not _TRUNCATES.isdisjoint(words),
    "merge": _having("into", "using"),
    "call": _one,
    "use": lambda words: _one(words) or words[0] in _USES,
    "copy": _having("stdin", "stdout", "into", "program", "files"),
    "set": lambda words: _one(words) or not _SETS.isdisjoint(words),
    "with": _having("as"),
    "begin": lambda words: not words or words[0] in _BEGINS,
}
"""By its first word: whether the words behind it could be the rest of a statement somewhere."""


def searches(tool: str) -> bool:
    """Whether a tool is named as one that searches, and as nothing that runs or keeps."""
    name = tool.casefold()
    return _SEARCHES.search(name) is not None and _RUNS.search(name) is None


def is_prose(text: str) -> bool:
    """Whether no database takes a text for a statement, though it begins with a statement's verb.

    No statement begins further on in it either: T-SQL runs several that nothing separates.
    """
    if len(text) > _MOST or not _PLAIN.match(text.strip()):
        return False
    words = [word.casefold() for word in _WORDS.findall(text)]
    known = bool(words) and (words[0] in _STATEMENTS or words[0] == "explain")
    return known and not any(_begins(words[at], words[at + 1 :], at == 0) for at in range(len(words)))


def _begins(verb: str, rest: list[str], first: bool) -> bool:
    """Whether a statement begins with these words. A verb that ends a text is none, but for the only word."""
    if verb in _ALWAYS:
        return True
    says = _STATEMENTS.get(verb)
    return says is not None and (first or bool(rest)) and says(rest)
