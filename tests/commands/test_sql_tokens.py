"""Words of tokens, and new ones in their places."""

from __future__ import annotations

from sqlglot import tokenize
from sqlglot.tokenizer_core import TokenType

from interlock.commands.sql_tokens import new, words_of


def test_quoted_names_are_no_words() -> None:
    """Neither strings nor quoted names are taken for words."""
    assert words_of(tokenize("Drop \"drop\" 'drop'", read="postgres")) == ["drop", "", ""]


def test_a_new_token_stands_in_the_place() -> None:
    """Line, column and offsets are those of the token it replaces."""
    place = tokenize("a b")[1]

    made = new(TokenType.SELECT, "SELECT", place)

    assert (made.token_type, made.text, made.start, made.end) == (TokenType.SELECT, "SELECT", place.start, place.end)
