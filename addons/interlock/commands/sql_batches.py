"""Puts the semicolons into T-SQL that its parser needs and the server does not.

Only at words that are reserved, so that they cannot be anything else: a transaction's or a block's begin and end, ELSE
and END outside of CASE, IF [NOT] EXISTS (...), and what follows SET or DECLARE. Text that defines procedures, triggers
or cursors is left as it is: what is inside them belongs to them.
"""

from __future__ import annotations

from typing import Any

from sqlglot.tokenizer_core import Token, TokenType

__all__ = ["separated"]

_WORDS = """
    select insert update delete merge drop truncate alter create grant revoke deny exec execute set declare if while
    print with begin commit rollback use backup restore dbcc kill waitfor raiserror bulk
"""
_STARTS = frozenset(_WORDS.split())
_WHOLE = frozenset(("procedure", "proc", "function", "trigger", "cursor", "view"))
_BLOCKS = frozenset((
    ("begin", "try"), ("end", "try"), ("begin", "catch"), ("end", "catch"), ("begin", "tran"), ("begin", "transaction"),
    ("commit", "tran"), ("commit", "transaction"), ("commit", "work"),
    ("rollback", "tran"), ("rollback", "transaction"), ("rollback", "work"),
))  # fmt: skip
_LEVELS = frozenset((
    ("serializable",), ("snapshot",), ("read", "committed"), ("read", "uncommitted"), ("repeatable", "read"),
))  # fmt: skip
_OTHER_BLOCKS = frozenset(("distributed", "dialog", "conversation", "atomic"))
_PLAIN = (TokenType.STRING, TokenType.IDENTIFIER)


def separated(tokens: list[Any]) -> list[Any]:
    """The tokens with a semicolon wherever such a statement ends."""
    words = ["" if token.token_type in _PLAIN else token.text.lower() for token in tokens]
    return tokens if not _WHOLE.isdisjoint(words) else _Batch(tokens, words).separate()


class _Batch:
    """One pass over the tokens of one text."""

    __slots__ = ("at", "cases", "depth", "first", "opened", "out", "tokens", "words")

    def __init__(self, tokens: list[Any], words: list[str]) -> None:
        self.tokens, self.words = tokens, [*words, "", ""]
        self.at = self.depth = self.cases = 0
        self.opened = -1
        self.first = ""
        self.out: list[Any] = []

    def separate(self) -> list[Any]:
        while self.at < len(self.tokens):
            if self.depth or self.cases or not self._cut():
                self._keep()
        return self.out

    def _keep(self) -> None:
        token, word = self.tokens[self.at], self.words[self.at]
        self.first = "" if token.token_type is TokenType.SEMICOLON else self.first or word or "?"
        self.depth += (word == "(") - (word == ")")
        self.cases += (word == "case") - (word == "end" and self.cases > 0)
        self.out.append(token)
        self.at += 1
        if self.depth == self.opened and word == ")":
            self.opened = -1
            self._end(0)

    def _end(self, passed: int) -> None:
        self.out.append(Token(TokenType.SEMICOLON, ";"))
        self.at += passed
        self.first = ""

    def _transaction(self, passed: int) -> None:
        """A statement that only begins, ends or marks something stands as COMMIT: it changes no data itself."""
        self.out += [Token(TokenType.SEMICOLON, ";"), Token(TokenType.COMMIT, "COMMIT")]
        self._end(passed)

    def _limited(self) -> bool:
        before = self.out[-1].text.lower() if self.out else ""
        words = self.words[self.at + 1 : self.at + 4]
        return before in ("update", "delete") and words[::2] == ["(", ")"] and words[1].isdecimal()

    def _level(self) -> int:
        if self.words[self.at + 1 : self.at + 4] != ["transaction", "isolation", "level"]:
            return 0
        return next((n for n in (1, 2) if tuple(self.words[self.at + 4 : self.at + 4 + n]) in _LEVELS), 0)

    def _cut(self) -> bool:
        word, after = self.words[self.at], self.words[self.at + 1]
        if (word, after) in _BLOCKS:
            self._transaction(2)
        elif word in ("commit", "rollback") or (word == "throw" and after in ("", ";", "end")):
            self._transaction(1)
        elif word == "set" and (level := self._level()):
            self._transaction(4 + level)
        elif word == "top" and self._limited():
            self.at += 4  # UPDATE TOP (1): without it, it is judged as changing more
        elif word in ("else", "end") or (word == "begin" and after not in _OTHER_BLOCKS):
            self._end(1)
        elif word == "if" and self._exists():
            self._end(1)
            place = self.tokens[self.at - 1]
            self.out.append(Token(TokenType.SELECT, "SELECT", place.line, place.col, place.start, place.end))
            self.first, self.opened = "select", 0
        elif self.first in ("set", "declare") and word in _STARTS:
            self._end(0)
        else:
            return False
        return True

    def _exists(self) -> bool:
        words = self.words[self.at + 1 : self.at + 4]
        return words[:2] == ["exists", "("] or words == ["not", "exists", "("]
