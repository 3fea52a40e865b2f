"""Programs that a JavaScript text starts: `execSync("git log")`, `spawnSync("npm", ["test"])`, written out in full.

The functions have to be named one by one where they are brought in, and called with nothing but plain strings at each
place where they stand: whoever holds the module itself, or hands a function on, could start anything.
"""

from __future__ import annotations

import shlex
from typing import NamedTuple

__all__ = ["Token", "is_started", "started"]

_TEXTS = frozenset(("execSync", "exec"))
_LISTS = frozenset(("execFileSync", "spawnSync", "execFile", "spawn"))
_FUNCTIONS = _TEXTS | _LISTS
_MODULES = frozenset(("child_process", "node:child_process"))
_OPTIONS_TEXT = """
encoding stdio cwd maxBuffer timeout inherit pipe ignore utf8 windowsHide input
"""
_OPTIONS = frozenset(_OPTIONS_TEXT.split())
_MAX_PROGRAMS = 40


class Token(NamedTuple):
    """A token of JavaScript: space, string (without its quotes), name, number, regex, other."""

    kind: str
    text: str


def started(tokens: list[Token]) -> list[str] | None:
    """The programs that are started, as text for a shell; None where one is not certain."""
    if not any(token.kind == "string" and token.text in _MODULES for token in tokens):
        return []
    listed: set[int] = set()
    for at, token in enumerate(tokens):
        if token.kind == "string" and token.text in _MODULES:
            brought = _brought(tokens, at)
            if brought is None:
                return None
            listed |= brought
    names = {tokens[at].text for at in listed}
    found: list[str] = []
    for at, token in enumerate(tokens):
        bound = at in listed and _texts(tokens, at + 1, 1) != ["("]
        if token.kind == "name" and token.text in _FUNCTIONS and not bound:
            text = _program(tokens, at)
            if text is None or token.text not in names or len(found) >= _MAX_PROGRAMS:
                return None
            found.append(text)
    return found


def is_started(tokens: list[Token], at: int) -> bool:
    """Whether a token is one of the functions that start programs, or the name of their module, and was judged."""
    if tokens[at].text in _FUNCTIONS:
        return any(token.kind == "string" and token.text in _MODULES for token in tokens)
    return tokens[at].text in ("require", "from") and any(
        token.kind == "string" and token.text in _MODULES for token in tokens[at + 1 : at + 3]
    )


def _texts(tokens: list[Token], start: int, count: int) -> list[str]:
    return [token.text for token in tokens[max(start, 0) : start + count]]


def _brought(tokens: list[Token], at: int) -> set[int] | None:
    """Where the functions stand that `const { a } = require("child_process")`, `import` or `require(...).a` name."""
    if _texts(tokens, at - 1, 1) == ["from"]:
        end = at - 2
    elif _texts(tokens, at - 2, 2) == ["require", "("] and _texts(tokens, at + 1, 1) == [")"]:
        if _texts(tokens, at + 2, 1) == ["."]:
            return {at + 3} if set(_texts(tokens, at + 3, 1)) <= _FUNCTIONS and at + 3 < len(tokens) else None
        if _texts(tokens, at - 3, 1) != ["="]:
            return None
        end = at - 4
    else:
        return None
    if end < 1 or tokens[end].text != "}":
        return None
    start = end - 1
    while start >= 0 and (tokens[start].text == "," or tokens[start].text in _FUNCTIONS):
        start -= 1
    opened = start >= 1 and tokens[start].text == "{" and tokens[start - 1].text in ("const", "let", "var", "import")
    return {n for n in range(start + 1, end) if tokens[n].text != ","} if opened else None


def _program(tokens: list[Token], at: int) -> str | None:
    """What one call starts."""
    name, rest = tokens[at].text, tokens[at + 1 :]
    if at and tokens[at - 1].text == "." and _texts(tokens, at - 2, 1) != [")"]:
        return None
    if len(rest) < 3 or rest[0].text != "(" or rest[1].kind != "string" or "\\" in rest[1].text:
        return None
    words, end = [rest[1].text], 2
    if rest[end].text == "," and len(rest) > end + 1 and rest[end + 1].text == "[" and name in _LISTS:
        end += 2
        while end < len(rest) and rest[end].kind == "string" and "\\" not in rest[end].text:
            words.append(rest[end].text)
            end += 2 if rest[end + 1 : end + 2] and rest[end + 1].text == "," else 1
        if end >= len(rest) or rest[end].text != "]":
            return None
        end += 1
    if not _ends(rest, end):
        return None
    return words[0] if name in _TEXTS else shlex.join(words)


def _ends(rest: list[Token], at: int) -> bool:
    """Whether a call ends, or goes on with options that name no shell and no environment, or with a function."""
    if at < len(rest) and rest[at].text == ",":
        at += 1
        if at < len(rest) and rest[at].text == "{":
            while at < len(rest) and rest[at].text != "}":
                plain = rest[at].kind == "number" or rest[at].text in (*_OPTIONS, ":", ",", "{", "[", "]", "*")
                plain = plain or (rest[at].kind == "string" and rest[at - 1].text == ":")
                if not plain:
                    return False
                at += 1
            at += 1
        elif at < len(rest):
            return rest[at].text in ("(", "function")
    return at < len(rest) and rest[at].text in (")", ",")
