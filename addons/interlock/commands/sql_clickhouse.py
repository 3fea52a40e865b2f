"""Spellings of ClickHouse that its parser does not know, put into ones that it does; see `sql_spellings`."""

from __future__ import annotations

from typing import Any

from sqlglot.tokenizer_core import TokenType

from interlock.commands.sql_tokens import new

__all__ = ["clickhouse"]

_EXISTING = frozenset(("temporary", "table", "view", "dictionary", "database"))
_ELSEWHERE = frozenset(("select", "values", "with", "from", "infile", "function", "settings"))
_TOTALS = frozenset(("rollup", "cube", "totals"))


def clickhouse(chunk: list[Any], words: list[str]) -> list[Any]:
    """EXISTS and CHECK TABLE as DESCRIBE, rows behind INSERT ... FORMAT, WITH TOTALS, LIMIT after LIMIT BY."""
    if words[0] == "exists" or words[:2] == ["check", "table"]:
        at = next((at for at in range(1, len(words)) if words[at] not in _EXISTING), len(words))
        plain = at < len(words) and all(word not in ("(", "select") for word in words[at:])
        return [new(TokenType.DESCRIBE, "DESCRIBE", chunk[0]), *chunk[at:]] if plain else chunk
    if words[0] == "insert" and "format" in words and not _ELSEWHERE & set(words[: words.index("format")]):
        place = chunk[words.index("format")]
        rows = (
            (TokenType.VALUES, "VALUES"),
            (TokenType.L_PAREN, "("),
            (TokenType.NUMBER, "1"),
            (TokenType.R_PAREN, ")"),
        )
        return [*chunk[: words.index("format")], *(new(kind, text, place) for kind, text in rows)]
    if words[:2] == ["alter", "table"] and "comment" in words and words[words.index("comment") + 1 :][:1] == ["column"]:
        at = words.index("comment")
        if len(words) == at + 4 and not words[-1]:
            return [
                *chunk[:at],
                new(TokenType.VAR, "ADD", chunk[at]),
                *chunk[at + 1 : -1],
                new(TokenType.INT, "Int8", chunk[-1]),
            ]
    if "collate" in words and words[words.index("collate") - 1] in ("first", "last", "asc", "desc"):
        at = words.index("collate")
        if words[at + 1 : at + 2] == [""]:
            chunk, words = [*chunk[:at], *chunk[at + 2 :]], [*words[:at], *words[at + 2 :]]
    return _without_limits(*_without_settings(chunk, words))


def _without_settings(chunk: list[Any], words: list[str]) -> tuple[list[Any], list[str]]:
    """INSERT and ALTER without SETTINGS that only say how: `INSERT INTO t SETTINGS async_insert = 1 VALUES (1)`."""
    if words[0] not in ("insert", "alter") or words.count("settings") != 1:
        return chunk, words
    start = at = words.index("settings")
    while words[at + 2 : at + 3] == ["="] and words[at + 1].startswith(_HOW) and at + 3 < len(chunk):
        at += 4
        if words[at : at + 1] != [","]:
            break
    else:
        return chunk, words
    return [*chunk[:start], *chunk[at:]], [*words[:start], *words[at:]]


_HOW = ("async_insert", "wait_for_async_insert", "mutations_sync", "insert_quorum", "insert_deduplicate", "max_threads")


def _without_limits(chunk: list[Any], words: list[str]) -> list[Any]:
    """Without WITH TOTALS and with one LIMIT a query: another behind LIMIT BY only takes fewer rows."""
    found: list[Any] = []
    by = set[int]()
    at = depth = 0
    while at < len(chunk):
        depth += (words[at] == "(") - (words[at] == ")")
        if words[at] == "with" and words[at + 1 : at + 2] and words[at + 1] in _TOTALS:
            at += 2
            continue
        if words[at] in ("select", "union", ")"):
            by = {level for level in by if level < depth}
        if words[at] == "limit" and depth in by and (end := _numbers(chunk, words, at + 1)):
            at = end
            continue
        if words[at] == "limit" and words[_numbers(chunk, words, at + 1) :][:1] == ["by"]:
            by.add(depth)
        found.append(chunk[at])
        at += 1
    return found


def _numbers(chunk: list[Any], words: list[str], at: int) -> int:
    """Where `5`, `5, 10` or `5 OFFSET 10` ends; 0 if there is no number."""
    if at >= len(chunk) or chunk[at].token_type is not TokenType.NUMBER:
        return 0
    more = words[at + 1 : at + 2] in ([","], ["offset"]) and at + 2 < len(chunk)
    return at + 3 if more and chunk[at + 2].token_type is TokenType.NUMBER else at + 1
