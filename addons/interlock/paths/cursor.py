"""A place in the text of a path: what a parser asks of characters, and what it says when they are wrong."""

from __future__ import annotations

import math
import re

from interlock.errors import InterlockError
from interlock.paths.quoted import QUOTED, unquoted
from interlock.paths.syntax import MAX_NESTING, refuse

__all__ = ["QUOTE_NAMES", "Cursor"]

_BLANK = re.compile(r"[ \t\n\r]*")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LARGEST = 2**53 - 1
_DIGITS = 100

QUOTE_NAMES = "quote names with other characters than letters, digits and _, as in $['last-name']"
_UNKNOWN = {
    "`": "words in backquotes (parent, len, sorted, ...) are not JSONPath: select the value itself",
    "|": "write || between the parts of a filter; for a union of paths write one rule each",
    "&": "write && between the parts of a filter",
    "=": "compare with ==, !=, <, <=, > or >=; =~ and a single = are not JSONPath (RFC 9535)",
    "~": "compare with ==, !=, <, <=, > or >=; =~ and ~ are not JSONPath (RFC 9535)",
    "/": "sorting and arithmetic are not JSONPath (RFC 9535)",
    "\\": "sorting and arithmetic are not JSONPath (RFC 9535)",
    "+": "arithmetic is not JSONPath (RFC 9535)",
    "-": QUOTE_NAMES + "; arithmetic is not JSONPath (RFC 9535)",
    "'": "quoted names stand in brackets, as in $['a']",
    '"': "quoted names stand in brackets, as in $['a']",
    "@": "@ stands only inside a filter [?...]",
}


class Cursor:
    """Goes through one text."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0

    def quoted(self) -> str:
        """Text in quotes, with its escapes resolved."""
        match = QUOTED.match(self.text, self.at)
        if match is None:
            raise self.refuse("a quoted text does not end", "close the quote; control characters are written \\u0009")
        self.at = match.end()
        return unquoted(self.text, match.group())

    def index(self) -> int | None:
        """A whole number that counts elements, if one follows."""
        match = _WHOLE.match(self.text, self.at)
        if match is None:
            return None
        digits = match.group()
        self.at = match.end()
        if digits == "-0" or self.peek(*"0123456789") or len(digits) > 17 or abs(int(digits)) > _LARGEST:
            raise self.refuse(f"{digits} is not an index", "an index is a whole number without leading zeros")
        return int(digits)

    def number(self) -> int | float | None:
        """A number to compare with, if one follows."""
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            return None
        self.at, digits = match.end(), match.group()
        value = float(digits)
        if len(digits) > _DIGITS or math.isinf(value):
            raise self.refuse(f"the number {digits[:20]} is too large", "compare with a smaller one")
        return value if match[1] or match[2] else int(digits)

    def between(self, operator: str) -> bool:
        """Whether an operator follows; it is taken with the blanks around it."""
        before = self.at
        self.blanks()
        if self.take(operator):
            self.blanks()
            return True
        self.at = before
        return False

    def blanks(self) -> None:
        """Pass over blanks."""
        self.at = _BLANK.match(self.text, self.at).end()  # type: ignore[union-attr]

    def peek(self, *tokens: str) -> bool:
        """Whether one of these follows."""
        return self.text.startswith(tokens, self.at)

    def take(self, token: str) -> bool:
        """Take a token if it follows."""
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def deeper(self) -> None:
        """One bracket more is open. Raises InterlockError for too many."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.refuse("it is nested too deeply", f"at most {MAX_NESTING} brackets and parentheses")

    def refuse(self, what: str, hint: str) -> InterlockError:
        """The error for this path."""
        return refuse(self.text, what, hint)

    def unexpected(self, hint: str) -> InterlockError:
        """The error for what stands here; `hint` says what could."""
        self.blanks()
        rest = self.text[self.at :]
        if not rest:
            return self.refuse("it is not complete", hint)
        return self.refuse(f"{rest[:12]!r} is not understood", _UNKNOWN.get(rest[0], hint))
