"""Statements that only begin, mark or end a transaction, told by their words: the parser does not know all of them."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp
from sqlglot.tokenizer_core import TokenType

__all__ = ["without_transactions"]

_NAME = r"(?!transaction\b|tran\b|work\b)[a-z_]\w*"
_LEVEL = "(serializable|repeatable read|read (un)?committed)"
_MODE = rf"(with consistent snapshot|isolation level {_LEVEL}|read (only|write)|(not )?deferrable)"
_CONTROL = re.compile(
    rf"(begin|start)( work| transaction)?( {_MODE}( ,? ?{_MODE})*)?|begin (immediate|exclusive|deferred)( transaction)?"
    rf"|savepoint {_NAME}|release (savepoint )?{_NAME}"
    rf"|(commit|rollback|end)( work| transaction)?|rollback( work| transaction)? to (savepoint )?{_NAME}"
)
_CURSOR = re.compile(
    rf"move( (forward|backward))?( (next|prior|first|last|all|((absolute|relative) )?-? ?\d+))? (from|in) {_NAME}"
    rf"|close {_NAME}"
)
_DIALECTS = frozenset(("postgres", "mysql", "sqlite", "duckdb"))
_MAX_WORDS = 16
_QUOTED = (TokenType.STRING, TokenType.IDENTIFIER)


def _words(chunk: list[Any]) -> str:
    """A statement's words, with `a` for a quoted name at its end; "" for one that holds other quotes."""
    named = len(chunk) > 1 and chunk[-1].token_type is TokenType.IDENTIFIER
    plain = chunk[:-1] if named else chunk
    if len(chunk) > _MAX_WORDS or any(part.token_type in _QUOTED for part in plain):
        return ""
    return " ".join([*(part.text for part in plain), *(["a"] if named else [])]).lower()


def without_transactions(tokens: list[Any], dialect: str) -> tuple[list[Any], list[Any]]:
    """The tokens without such statements, and a statement for each that was taken out.

    Only where every statement ends in a semicolon: in T-SQL `SAVEPOINT a` calls a procedure.
    """
    if dialect not in _DIALECTS:
        return tokens, []
    kept: list[Any] = []
    control: list[Any] = []
    chunk: list[Any] = []
    for token in [*tokens, None]:
        if token is not None and token.token_type is not TokenType.SEMICOLON:
            chunk.append(token)
            continue
        words = _words(chunk)
        if words != "start" and (_CONTROL.fullmatch(words) or (dialect == "postgres" and _CURSOR.fullmatch(words))):
            control.append(exp.Commit())
        else:
            kept += [*chunk, *([token] if token is not None else [])]
        chunk = []
    return kept, control
