"""Long lists of literals, which say nothing about what a statement does: `IN (1, 2, 3, ...)`, `VALUES (1, 'a'), ...`.

A parser makes a tree of each of them; here all but the first few are left out before it begins, so that a statement
with ten thousand ids costs what one with sixteen does.
"""

from __future__ import annotations

from typing import Any

from sqlglot.tokenizer_core import TokenType

__all__ = ["shortened"]

_KEPT = 16
_LITERALS = frozenset((TokenType.STRING, TokenType.NUMBER, TokenType.NULL, TokenType.TRUE, TokenType.FALSE))


def shortened(tokens: list[Any]) -> list[Any]:
    """The tokens with at most sixteen values in a list after IN, and sixteen rows after VALUES."""
    found: list[Any] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        found.append(token)
        at += 1
        if token.token_type is TokenType.IN and _is(tokens, at, TokenType.L_PAREN):
            end = _list_end(tokens, at + 1)
            at = _without(tokens, at, end, found, _KEPT * 2)
        elif token.token_type is TokenType.VALUES:
            at = _rows(tokens, at, found)
    return found


def _rows(tokens: list[Any], at: int, found: list[Any]) -> int:
    """Keeps the first rows that are made of literals alone; `at` is behind VALUES."""
    kept = 0
    while _is(tokens, at, TokenType.L_PAREN):
        end = _list_end(tokens, at + 1)
        if not _is(tokens, end, TokenType.R_PAREN):
            break
        more = _is(tokens, end + 1, TokenType.COMMA) and _is(tokens, end + 2, TokenType.L_PAREN)
        last = not more or not _is(tokens, _list_end(tokens, end + 3), TokenType.R_PAREN)
        if kept < _KEPT or last:
            found += tokens[at : end + 2 if more else end + 1]
        kept += 1
        at = end + 2 if more else end + 1
        if not more:
            break
    return at


def _without(tokens: list[Any], start: int, end: int, found: list[Any], most: int) -> int:
    """Keeps the first values of a list that ends at `end` with its bracket; any other stays as it is."""
    if not _is(tokens, end, TokenType.R_PAREN) or end - start <= most:
        return start
    found += tokens[start : start + most]
    return end


def _list_end(tokens: list[Any], at: int) -> int:
    """Where a list of literals with commas between ends: behind its last literal."""
    while at < len(tokens) and tokens[at].token_type in _LITERALS:
        at += 1
        if not _is(tokens, at, TokenType.COMMA):
            break
        at += 1
    return at


def _is(tokens: list[Any], at: int, kind: TokenType) -> bool:
    return at < len(tokens) and tokens[at].token_type is kind
