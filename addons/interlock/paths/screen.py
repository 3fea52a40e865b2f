"""Which paths jsonpath-ng may read: those that it reads as RFC 9535 does.

jsonpath-ng 1.16 accepts much that RFC 9535 does not, and reads some of it as something else (escapes in quoted
names, a literal on the left of a comparison, bare words, arithmetic, sorting ...). This screen walks the tokens and
lets through only what both read alike; our own parser reads the rest, or says what is wrong with it.
"""

from __future__ import annotations

import re

from interlock.paths.syntax import MAX_TEXT

__all__ = ["screen"]

_MAX_NESTING = 8
_MAX_INTEGER = 2**53 - 1

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\n\r]+)
    |(?P<float>-?(?:0|[1-9][0-9]*)\.[0-9]+(?![0-9eE.]))
    |(?P<int>-?(?:0|[1-9][0-9]{0,16})(?![0-9eE]))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_\-@]))
    |(?P<text>'[^'\\\x00-\x1f]*'|"[^"\\\x00-\x1f]*")
    |(?P<deep>\.\.)|(?P<dot>\.)|(?P<root>\$)|(?P<here>@)|(?P<open>\[)|(?P<close>\])
    |(?P<star>\*)|(?P<comma>,)|(?P<colon>:)|(?P<ask>\?)|(?P<left>\()|(?P<right>\))
    |(?P<compare>==|!=|<=|>=|<|>)|(?P<both>&&)|(?P<either>\|\|)|(?P<not>!)""",
    re.VERBOSE,
)

_AFTER_QUERY = {"dot", "deep", "open", "compare", "both", "either", "right", "close"}
_OPERAND = {"here", "root", "left", "not"}
_AFTER_OPERAND = {"both", "either", "right", "close"}
_NEXT: dict[str, set[str]] = {
    "": {"root"},
    "root": _AFTER_QUERY,
    "here": _AFTER_QUERY,
    "dot": {"name", "star"},
    "deep": {"name", "star", "open"},
    "open": {"text", "int", "star", "colon", "ask"},
    "close": _AFTER_QUERY,
    "star": _AFTER_QUERY,
    "name": _AFTER_QUERY,
    "text": {"comma", "close"},
    "int": {"comma", "close", "colon"},
    "comma": {"text", "int"},
    "colon": {"int", "colon", "close"},
    "ask": _OPERAND,
    "left": _OPERAND,
    "right": _AFTER_OPERAND,
    "not": {"here", "root"},
    "both": _OPERAND,
    "either": _OPERAND,
    "compare": {"text", "int", "float", "literal", "here", "root"},
    "literal": _AFTER_OPERAND,
}


def screen(text: str) -> str | None:
    """The path without blanks; None unless it is of the part of RFC 9535 that jsonpath-ng reads rightly."""
    if not text or len(text) > MAX_TEXT:
        return None
    before, position, inside, tokens = "", 0, list[str](), list[str]()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        kind, token = str(match.lastgroup), match.group()
        position = match.end()
        if kind == "blank":
            if not before or before in ("dot", "deep") or position == len(text):
                return None
            continue
        refined = _refined(kind, token, before, inside)
        if refined is None or refined not in _NEXT[before] or not _tracked(refined, inside):
            return None
        tokens.append(token)
        before = refined
    return None if inside or before in ("dot", "deep") else "".join(tokens)


def _refined(kind: str, shown: str, before: str, inside: list[str]) -> str | None:
    """The kind in its context; None for what may not stand there."""
    if kind == "name" and before == "compare" and shown in ("true", "false", "null"):
        return "literal"
    if kind == "int" and before != "compare" and (shown == "-0" or abs(int(shown)) > _MAX_INTEGER):
        return None
    if kind in ("text", "int", "float") and before == "compare":
        return "literal"
    if kind in ("both", "either", "compare", "right", "left") and (not inside or inside[-1] == "open"):
        return None
    if kind in ("here", "root") and before and not inside:
        return None
    return kind


def _tracked(kind: str, inside: list[str]) -> bool:
    """Notes what opens and closes; whether it does so in order."""
    if kind in ("open", "left"):
        inside.append(kind)
    elif kind == "ask":
        inside[-1] = "filter"
    elif kind == "right":
        return inside.pop() == "left"
    elif kind == "close":
        return bool(inside) and inside.pop() != "left"
    return len(inside) <= _MAX_NESTING
