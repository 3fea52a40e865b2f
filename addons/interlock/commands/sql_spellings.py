"""Spellings that a database reads and its parser does not, put into ones that it does.

What comes out touches and does at least as much as what came in; where that is not certain, the tokens stay as they
are and the parser refuses them. Statement by statement, by the words they begin with.
"""

from __future__ import annotations

from typing import Any

from sqlglot.tokenizer_core import TokenType

from interlock.commands.sql_clickhouse import clickhouse
from interlock.commands.sql_tokens import new, words_of

__all__ = ["respelled"]

_PRIORITIES = frozenset(("low_priority", "high_priority", "quick", "ignore", "delayed"))
_CONFLICTS = frozenset(("ignore", "replace", "rollback", "abort", "fail"))
_MOST = 20_000


def respelled(tokens: list[Any], dialect: str) -> list[Any]:
    """The tokens of all statements, each in a spelling that the parser knows."""
    respell = _RESPELL.get(dialect)
    if respell is None or len(tokens) > _MOST:
        return tokens
    found: list[Any] = []
    start = 0
    for at in range(len(tokens) + 1):
        if at == len(tokens) or tokens[at].token_type is TokenType.SEMICOLON:
            chunk = tokens[start:at]
            found += respell(*_overwriting(chunk)) if chunk else []
            found += tokens[at : at + 1]
            start = at + 1
    return found


def _overwriting(chunk: list[Any]) -> tuple[list[Any], list[str]]:
    """INSERT OVERWRITE ALL, which the parser takes for one that only adds, as INSERT OVERWRITE."""
    words = words_of(chunk)
    if words[:2] == ["insert", "overwrite"] and words[2:3] in (["all"], ["first"]):
        return [*chunk[:2], *chunk[3:]], [*words[:2], *words[3:]]
    return chunk, words


def _postgres(chunk: list[Any], words: list[str]) -> list[Any]:
    """INSERT ... OVERRIDING SYSTEM VALUE; views that are recursive or without data; what a COMMIT does with a table."""
    if words[:3] == ["create", "recursive", "view"]:
        return [chunk[0], *chunk[2:]]
    if words[0] == "alter" and words[-3:-1] == ["validate", "constraint"]:
        return [*chunk[:-3], new(TokenType.VAR, "ADD", chunk[-3]), chunk[-1], new(TokenType.INT, "INT", chunk[-1])]
    if words[0] == "create" and "commit" in words and words[words.index("commit") - 1] == "on":
        at = words.index("commit")
        return [*chunk[: at - 1], *chunk[at + (2 if words[at + 1 : at + 2] == ["drop"] else 3) :]]
    if words[:2] == ["create", "materialized"] and words[-1] == "data" and "with" in words[-3:-1]:
        return chunk[: -3 if words[-3] == "with" else -2]
    if words[0] == "insert" and "overriding" in words:
        at = words.index("overriding")
        return [*chunk[:at], *chunk[at + 3 :]] if words[at + 2 : at + 3] == ["value"] else chunk
    return chunk


def _snowflake(chunk: list[Any], words: list[str]) -> list[Any]:
    """DESC of what is no table; UNSET."""
    if words[0] in ("desc", "describe") and len(words) > 2 and words[1] in _DESCRIBED and chunk[2].token_type in _NAMES:
        return [new(TokenType.DESCRIBE, "DESCRIBE", chunk[0]), new(TokenType.TABLE, "TABLE", chunk[0]), chunk[2]]
    if words[0] == "unset" and len(words) == 2:
        return [new(TokenType.COMMIT, "COMMIT", chunk[0])]
    return chunk


_NAMES = (TokenType.VAR, TokenType.IDENTIFIER)
_DESCRIBED = frozenset(
    ("function", "procedure", "user", "warehouse", "result", "stage", "task", "pipe", "stream", "role", "integration",
     "share", "sequence", "database", "schema", "alert", "streamlit", "service", "secret")
)  # fmt: skip


def _mysql(chunk: list[Any], words: list[str]) -> list[Any]:
    """UPDATE IGNORE, DELETE QUICK, `DESC t column`, SHOW GRANTS FOR CURRENT_USER(), CHECK TABLE, FULLTEXT."""
    if words[0] in ("check", "checksum") and words[1:2] == ["table"] and len(words) == 3:
        return [new(TokenType.ANALYZE, "ANALYZE", chunk[0]), *chunk[1:]]
    if words[0] == "create" and words[1:2] in (["fulltext"], ["spatial"]) and words[2:3] == ["index"]:
        return [chunk[0], *chunk[2:]]
    if words[:2] == ["create", "table"] and "partition" in words and not _FILLED.intersection(words):
        return chunk[: words.index("partition")]
    if words[0] in ("update", "delete", "insert"):
        at = 1
        while at + 1 < len(words) and words[at] in _PRIORITIES and words[at + 1] not in ("set", "where", ".", ","):
            at += 1
        ignores = words[0] == "insert" and "ignore" in words[1:at]
        return [chunk[0], *(chunk[at - 1 : at] if ignores and words[at - 1] == "ignore" else []), *chunk[at:]]
    if words[0] == "select":
        at = 1
        while at + 1 < len(words) and words[at] in _MODIFIERS and words[at + 1] not in _AFTER_NAMES:
            at += 1
        return [chunk[0], *chunk[at:]]
    if words[0] in ("desc", "describe") and len(words) == 3 and words[1] not in _EXPLAINING:
        return chunk[:2]
    if words[:2] == ["show", "grants"] and words[-2:] == ["(", ")"]:
        return chunk[:-2]
    return chunk


_FILLED = frozenset(("as", "select", "values", "directory", "connection", "tablespace", "table_type"))
_MODIFIERS = frozenset(
    ("high_priority", "straight_join", "sql_small_result", "sql_big_result", "sql_buffer_result", "sql_no_cache",
     "sql_calc_found_rows", "sql_cache", "distinctrow")
)  # fmt: skip
_AFTER_NAMES = frozenset((",", ".", "from", ")", "as", "=", ""))
_EXPLAINING = frozenset(("extended", "partitions", "format", "analyze", "select", "table", "delete", "update"))


def _sqlite(chunk: list[Any], words: list[str]) -> list[Any]:
    """UPDATE OR IGNORE; STRICT, WITHOUT ROWID behind a table, and its type ANY."""
    if words[0] == "create" and words[-1] in ("strict", "rowid"):
        end = max((at + 1 for at, word in enumerate(words) if word == ")"), default=0)
        if _OPTIONS.issuperset(words[end:]) and end:
            return [
                new(TokenType.TEXT, "TEXT", one) if _any(chunk, words, at) else one
                for at, one in enumerate(chunk[:end])
            ]
    if words[:2] == ["update", "or"] and len(words) > 2 and words[2] in _CONFLICTS:
        return [chunk[0], *chunk[3:]]
    return chunk


_OPTIONS = frozenset(("strict", ",", "without", "rowid"))


def _any(chunk: list[Any], words: list[str], at: int) -> bool:
    return words[at] == "any" and chunk[at - 1].token_type in _NAMES and words[at + 1] in (",", ")", "not")


def _bigquery(chunk: list[Any], words: list[str]) -> list[Any]:
    """ASSERT is a query; `MODEL shop.m` a name, and `TABLE shop.t` among the arguments of a function all its rows."""
    found: list[Any] = []
    at = 0
    if words[0] == "assert":
        found.append(new(TokenType.SELECT, "SELECT", chunk[0]))
        at = 1
    while at < len(chunk):
        if words[at] in ("model", "table") and at and words[at - 1] in ("(", ",") and (end := _name_end(chunk, at + 1)):
            found += _named(chunk, at, end, words[at])
            at = end
        else:
            found.append(chunk[at])
            at += 1
    return found


def _name_end(chunk: list[Any], at: int) -> int:
    """Where a name with dots ends that is an argument: a comma or a bracket follows; 0 if there is none."""
    while at + 1 < len(chunk) and chunk[at + 1].token_type is TokenType.DOT:
        at += 2
    follows = at + 1 < len(chunk) and chunk[at + 1].token_type in (TokenType.COMMA, TokenType.R_PAREN)
    return at + 1 if follows and chunk[at].token_type in (TokenType.VAR, TokenType.IDENTIFIER) else 0


def _named(chunk: list[Any], at: int, end: int, word: str) -> list[Any]:
    place = chunk[at]
    if word == "model":
        return [new(TokenType.STRING, "model", place)]
    query = ((TokenType.L_PAREN, "("), (TokenType.SELECT, "SELECT"), (TokenType.STAR, "*"), (TokenType.FROM, "FROM"))
    before = [new(kind, text, place) for kind, text in query]
    return [*before, *chunk[at + 1 : end], new(TokenType.R_PAREN, ")", place)]


def _duckdb(chunk: list[Any], words: list[str]) -> list[Any]:
    """INSERT ... BY POSITION, as without it."""
    if words[0] == "insert" and "by" in words and words[words.index("by") + 1 :][:1] == ["position"]:
        at = words.index("by")
        return [*chunk[:at], *chunk[at + 2 :]]
    return chunk


def _tsql(chunk: list[Any], words: list[str]) -> list[Any]:
    """A procedure's name alone calls it; GETDATE() and the like are none of that. ADD CONSTRAINT ... DEFAULT 0 FOR."""
    if words[:2] == ["alter", "table"] and words[-2:-1] == ["for"] and "default" in words and "constraint" in words:
        at = words.index("constraint")
        if (
            words[at - 1] == "add"
            and words[at + 2 : at + 3] == ["default"]
            and _CONSTANT.issuperset(words[at + 3 : -2])
        ):
            return [*chunk[:at], chunk[-1], new(TokenType.INT, "INT", chunk[-1])]
    if words[:3] == ["insert", "top", "("] and words[4:5] == [")"]:
        return [chunk[0], *chunk[5:]]
    called = words[0].startswith(("sp_", "xp_")) and chunk[0].token_type is TokenType.VAR
    return [new(TokenType.EXECUTE, "EXEC", chunk[0]), *chunk] if called else chunk


_CONSTANT = frozenset(("(", ")", "", "0", "1", "getdate", "sysutcdatetime", "newid", "null", "-"))
_RESPELL = {
    "postgres": _postgres,
    "snowflake": _snowflake,
    "mysql": _mysql,
    "sqlite": _sqlite,
    "clickhouse": clickhouse,
    "bigquery": _bigquery,
    "duckdb": _duckdb,
    "tsql": _tsql,
}
