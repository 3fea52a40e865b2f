"""Prepares SQL text for a parser: comments gone, literals plain, nesting bounded, as the named database reads it.

Databases disagree about comments, quotes and line ends, and parsers disagree with databases; here each dialect's own
rules are applied once, and what comes out reads the same everywhere. Whatever two readers could take differently
raises NotUnderstood.
"""

from __future__ import annotations

import re

from interlock.commands.language import NotUnderstood
from interlock.commands.sql_client import SHOWN, batch_end, shows, statement_end
from interlock.commands.sql_dialects import Lexis

__all__ = ["MAX_DEPTH", "MAX_SQL", "readings"]

MAX_SQL = 65536
"""Longest SQL text that is judged, in UTF-8 bytes."""
MAX_DEPTH = 60
"""Deepest nesting of brackets; beyond it the parser's recursion would decide."""
_MAX_PARTS = 32_000  # words and signs

_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_DOLLAR = re.compile(r"\$([^\W\d]\w*)?\$")
_PARAMETER = re.compile(r"[$?](\d{1,5})(?![\w$])", re.ASCII)
_CONDITION = re.compile(r"/\*M?!(\d{5,6})?", re.IGNORECASE)
_LINK = re.compile(r"(?<=[^\W\d])@(?=[^\W\d]|\")")
_PLAIN = re.compile(r"[ \t]*(?:\d\w*|[^\W\d][\w$]*)|[ \t\n]+")
_ODD_LINE_ENDS = re.compile(r"[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_AWKWARD = re.compile(r"['\\\x00-\x1f\x7f-\x9f]")
_AWKWARD_NAME = re.compile(r"[\"'`\[\]\\\x00-\x1f\x7f-\x9f]")


def readings(text: str, lexis: Lexis) -> list[str]:
    """The ways a server could read `text`: two where a MySQL comment depends on the server's version, otherwise one.

    Raises NotUnderstood for text that is too large, nested too deeply, unterminated or ambiguous.
    """
    if len(text) > MAX_SQL or len(text.encode("utf-8", "surrogatepass")) > MAX_SQL:
        raise NotUnderstood("too-large")
    if "\x00" in text or any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise NotUnderstood("odd-characters")
    executed = _Reader(text, lexis, conditional=True)
    found = [executed.read()]
    if executed.versioned:
        found.append(_Reader(text, lexis, conditional=False).read())
    return found


class _Reader:
    """One pass over one text."""

    __slots__ = ("at", "conditional", "depth", "lexis", "open_conditions", "out", "strings", "text", "versioned")

    def __init__(self, text: str, lexis: Lexis, *, conditional: bool) -> None:
        self.text, self.lexis, self.conditional = text, lexis, conditional
        self.at = self.depth = self.open_conditions = 0
        self.out: list[str] = []
        self.strings: dict[str, int] = {}
        self.versioned = False

    def read(self) -> str:
        while self.at < len(self.text) and len(self.out) <= _MAX_PARTS:
            if self._of_the_client():
                continue
            plain = _PLAIN.match(self.text, self.at)
            if plain:
                self._plain(plain.group())
            else:
                self._step(self.text[self.at])
        if self.open_conditions or self.at < len(self.text):
            raise NotUnderstood("unterminated" if self.at >= len(self.text) else "too-large")
        return "".join(self.out)

    def _of_the_client(self) -> bool:
        """Passes over a line that the client keeps for itself; a statement under way goes on to `\\g`, or is cut."""
        text, at, dialect = self.text, self.at, self.lexis.parser
        if self.depth or self.open_conditions:
            return False
        if end := batch_end(text, at, dialect) or statement_end(text, at, dialect):
            self.out.append(";")
        elif (end := shows(text, at, dialect)) and self._begins():
            self.out.append(SHOWN)
        else:
            return False
        self.at = end
        return True

    def _begins(self) -> bool:
        last = next((part for part in reversed(self.out) if part.strip()), ";")
        return last.endswith(";")

    def _plain(self, word: str) -> None:
        if not word.isascii() and (word.upper().isascii() or word.lower().isascii()):
            raise NotUnderstood("odd-characters")  # a keyword only to readers that fold it
        self.out.append(word)
        self.at += len(word)

    def _step(self, char: str) -> None:
        if self._line_comment() or self._block_comment():
            return
        if char in self.lexis.quotes:
            self._quoted(char)
        elif (char == "$" and self.lexis.dollar and self._dollar()) or self._parameter(char):
            return
        elif char == "\\" or (char == "@" and _LINK.match(self.text, self.at)):
            raise NotUnderstood("odd-name" if char == "@" else "client-command")  # `orders@elsewhere`
        elif char == "#" and "# " in self.lexis.line_comments:
            raise NotUnderstood("odd-characters")  # `#x` is no comment there, but the parser takes it for one
        elif not " " <= char <= "~" and char not in "\r\n\v\f":
            raise NotUnderstood("odd-characters")
        elif char == "<" and self.text.startswith("<#>", self.at) and self.lexis.parser == "postgres":
            self.out.append("<->")  # pgvector's, of which the parser knows one
            self.at += 3
        elif char in "+-" and self.lexis.parser == "tsql" and self.text.startswith("=", self.at + 1):
            self.at += 1  # `a += 1` is judged as `a = 1`
        else:
            self._depth(char)
            self.out.append("\n" if char == "\r" else char)
            self.at += 1

    def _depth(self, char: str) -> None:
        self.depth += (char in _OPEN) - (char in _CLOSE)
        if self.depth > MAX_DEPTH:
            raise NotUnderstood("nested-too-deeply")

    def _line_comment(self) -> bool:
        for mark in self.lexis.line_comments:
            if not self.text.startswith(mark, self.at):
                continue
            after = self.text[self.at + 2 : self.at + 3]
            if mark == "--" and self.lexis.conditional and after and after > " ":
                self.out.append("- -")  # MySQL: without a blank these are two signs
                self.at += 2
                return True
            end = self.text.find("\n", self.at)
            end = len(self.text) if end < 0 else end
            if _ODD_LINE_ENDS.search(self.text[self.at : end].removesuffix("\r")):
                raise NotUnderstood("odd-line-end")
            self.at = end
            self.out.append(" ")
            return True
        return False

    def _block_comment(self) -> bool:
        text = self.text
        if self.open_conditions and text.startswith("*/", self.at):
            self.open_conditions -= 1
            self.at += 2
            self.out.append(" ")
            return True
        if not text.startswith("/*", self.at):
            return False
        condition = _CONDITION.match(text, self.at) if self.lexis.conditional else None
        if condition:
            self.versioned = self.versioned or bool(condition.group(1))
            if self.conditional or not condition.group(1):
                self.open_conditions += 1
                self.at = condition.end()
                self.out.append(" ")
                return True
        self.at = self._comment_end(self.at + 2)
        self.out.append(" ")
        return True

    def _comment_end(self, at: int) -> int:
        level = 1
        while level:
            end = self.text.find("*/", at)
            if end < 0:
                raise NotUnderstood("unterminated")
            inner = self.text.find("/*", at, end)
            if inner >= 0 and self.lexis.nested_comments:
                level += 1
                at = inner + 2
            else:
                if inner >= 0 and self.lexis.conditional:
                    raise NotUnderstood("nested-comment")  # servers and versions disagree
                level -= 1
                at = end + 2
        return at

    def _quoted(self, opening: str) -> None:
        closing, is_string = self.lexis.quotes[opening]
        prefix = self._prefix()
        if self.lexis.triple and is_string and self.text.startswith(opening * 3, self.at):
            closing = opening * 3
        escapes = self.lexis.backslash and (is_string or self.lexis.triple)
        escapes = escapes or (prefix == "e" and self.lexis.tagged and is_string)
        start = self.at + len(closing)
        end, content = self._until(start, closing, escapes)
        self.at = end
        if not is_string:
            if _AWKWARD_NAME.search(content) or prefix == "u&" or not content:
                raise NotUnderstood("odd-name")
            self.out.append(opening + content + closing)
            return
        if prefix in ("e", "r", "rb", "br"):
            del self.out[-1]
            self.out.append(" ")
        self._string(content)

    def _prefix(self) -> str:
        last = self.out[-1].strip().lower() if self.out else ""
        if last == "&" and len(self.out) > 1 and self.out[-2].strip().lower() == "u":
            return "u&"
        if last in ("e", "r", "rb", "br") and (last == "e") == self.lexis.tagged:
            return last
        return ""

    def _until(self, at: int, closing: str, escapes: bool) -> tuple[int, str]:
        start = at
        stop = re.compile(r"\\|" + re.escape(closing)) if escapes else re.compile(re.escape(closing))
        while True:
            found = stop.search(self.text, at)
            if not found:
                raise NotUnderstood("unterminated")
            if found.group() == "\\" or (len(closing) == 1 and self.text.startswith(closing, found.end())):
                at = found.end() + 1
            else:
                return found.end(), self.text[start : found.start()]

    def _string(self, content: str) -> None:
        if _AWKWARD.search(content):  # equal contents stay equal, for constant folding
            content = f"literal {self.strings.setdefault(content, len(self.strings))}"
        self.out.append(f"'{content}'")

    def _parameter(self, char: str) -> bool:
        """`$1` of PostgreSQL and `?1` of SQLite, which the parser does not know everywhere."""
        found = _PARAMETER.match(self.text, self.at) if char in "$?" else None
        if not found or not (
            self.lexis.parser in ("postgres", "duckdb") if char == "$" else self.lexis.parser == "sqlite"
        ):
            return False
        self.out.append(f" :p{found.group(1)} ")
        self.at = found.end()
        return True

    def _dollar(self) -> bool:
        found = _DOLLAR.match(self.text, self.at)
        if not found or (found.group(1) and not self.lexis.tagged):
            return False
        end = self.text.find(found.group(), found.end())
        if end < 0:
            raise NotUnderstood("unterminated")
        self._string(self.text[found.end() : end])
        self.at = end + len(found.group())
        return True
