"""Puts the semicolons into T-SQL that its parser needs and the server does not.

Only at words that are reserved, so that they cannot be anything else: a transaction's or a block's begin and end, ELSE
and END outside of CASE, IF and WHILE, and words that begin a statement inside of one that cannot hold them. Text
that defines procedures, triggers or cursors is left as it is: what is inside them belongs to them.
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
_AFTER_ROWS = _STARTS - {"with", "merge", "use", "begin", "backup", "restore", "bulk", "kill", "deny"}
_AFTER_VALUES = _STARTS | {"revert", "reconfigure", "shutdown", "checkpoint", "disable", "enable", "return"}
_CUTS = {
    **dict.fromkeys(("set", "declare", "print", "use"), _AFTER_VALUES),
    "select": _AFTER_ROWS,
    "delete": _AFTER_ROWS,
    "update": _AFTER_ROWS - {"set"},
    "insert": _AFTER_ROWS - {"select", "exec", "execute"},
    "create": _AFTER_ROWS - {"create", "alter", "grant", "revoke"},
}
_ALONE = frozenset(("throw", "break", "continue"))
_GOES_ON = frozenset(("union", "all", "except", "intersect", "as", "."))
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

    __slots__ = ("at", "cases", "depth", "first", "out", "tokens", "words")

    def __init__(self, tokens: list[Any], words: list[str]) -> None:
        self.tokens, self.words = tokens, [*words, "", ""]
        self.at = self.depth = self.cases = 0
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
        if self.first == "insert" and word in ("values", "select") and not self.depth:
            self.first = "select"  # whose rows are there, so that the next word of a statement begins one
        self.depth += (word == "(") - (word == ")")
        self.cases += (word == "case") - (word == "end" and self.cases > 0)
        self.out.append(token)
        self.at += 1

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
        elif word in ("commit", "rollback") or (word in _ALONE and after in ("", ";", "end")):
            self._transaction(1)
        elif word == "set" and (level := self._level()):
            self._transaction(4 + level)
        elif word == "top" and self._limited():
            self.at += 4  # UPDATE TOP (1): without it, it is judged as changing more
        elif word in ("else", "end") or (word == "begin" and after not in _OTHER_BLOCKS):
            self._end(1)
        elif word in ("if", "while") and not self.first:
            self._condition()
        elif word in _CUTS.get(self.first, ()) and self.words[self.at - 1] not in _GOES_ON:
            self._end(0)
        else:
            return False
        return True

    def _condition(self) -> None:
        """IF and WHILE ask something: it is judged as SELECT 1 WHERE ..., up to the statement that follows."""
        place = self.tokens[self.at]
        for kind, text in ((TokenType.SELECT, "SELECT"), (TokenType.NUMBER, "1"), (TokenType.WHERE, "WHERE")):
            self.out.append(Token(kind, text, place.line, place.col, place.start, place.end))
        self.first = "select"
        self.at += 1
