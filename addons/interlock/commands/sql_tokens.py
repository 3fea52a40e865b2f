"""Tokens as the parser's tokenizer makes them: their words, and new ones in the place of others."""

from __future__ import annotations

from typing import Any

from sqlglot.tokenizer_core import Token, TokenType

__all__ = ["new", "words_of"]

_QUOTED = (TokenType.STRING, TokenType.IDENTIFIER)


def words_of(chunk: list[Any]) -> list[str]:
    """The words in lower case; "" for what is quoted, so that no name is taken for a word."""
    return ["" if token.token_type in _QUOTED else token.text.lower() for token in chunk]


def new(kind: Any, text: str, place: Any) -> Any:
    """A token that stands where another one stood."""
    return Token(kind, text, place.line, place.col, place.start, place.end)
