"""What a path's text may look like before jsonpath-ng reads it.

jsonpath-ng 1.16 accepts much that RFC 9535 does not, and reads some of it as something else (escapes in quoted
names, a literal on the left of a comparison, bare words, arithmetic, sorting ...). This screen walks the tokens
and lets through only what both read alike; everything else is refused with a way to write it.
"""

from __future__ import annotations

import re

from interlock.errors import InterlockError

__all__ = ["refuse", "screen"]

MAX_TEXT = 1000
MAX_NESTING = 8
_MAX_INTEGER = 2**53 - 1

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\n\r]+)
    |(?P<float>-?(?:0|[1-9][0-9]*)\.[0-9]+(?![0-9eE.]))
    |(?P<int>-?(?:0|[1-9][0-9]*)(?![0-9eE]))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_\-@]))
    |(?P<text>'[^'\\\x00-\x1f]*'|"[^"\\\x00-\x1f]*")
    |(?P<deep>\.\.)|(?P<dot>\.)|(?P<root>\$)|(?P<here>@)|(?P<open>\[)|(?P<close>\])
    |(?P<star>\*)|(?P<comma>,)|(?P<colon>:)|(?P<ask>\?)|(?P<left>\()|(?P<right>\))
    |(?P<compare>==|!=|<=|>=|<|>)|(?P<both>&&)|(?P<either>\|\|)|(?P<not>!)""",
    re.VERBOSE,
)

_SEGMENT = {"dot", "deep", "open"}
_AFTER_QUERY = _SEGMENT | {"compare", "both", "either", "right", "close"}
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
_HINTS = {
    "text": "quoted names stand in brackets, as in $['a']; in a comparison the path is on the left, as in @.a == 'x'",
    "int": "numbers are indices in brackets; in a comparison the path is on the left, as in @.a == 1",
    "float": "a fraction stands only on the right of a comparison, as in @.a == 1.5",
    "name": "a name follows a dot, as in $.name; text to compare with is quoted, as in @.a == 'x'",
    "left": "functions and !( ) are not supported: write comparisons such as @.a == 'x', and != in place of !(==)",
    "not": "write ! only before a path, as in !@.a; in place of !(@.a == 1) write @.a != 1",
    "comma": "write one rule for each part of a list that is not only names or only numbers",
    "blank": "a path has no blanks before its $, after its end, or after a dot",
    "compare": "a comparison has a path such as @.a on its left and stands inside [?...]",
    "root": "a path begins with $, once",
    "here": "@ stands only inside a filter [?...]",
}


def refuse(text: str, what: str, hint: str) -> InterlockError:
    """The error for a path that is not accepted."""
    return InterlockError(f"JSONPath {text!r} is not accepted: {what}", hint=hint)


def screen(text: str) -> str:
    """The path without blanks; InterlockError unless it is of the part of RFC 9535 that jsonpath-ng reads rightly."""
    if not text or len(text) > MAX_TEXT:
        raise refuse(text[:40], f"it must have 1 to {MAX_TEXT} characters", "as in $.customer.email")
    before, position, open_kinds, tokens = "", 0, list[str](), list[str]()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise refuse(text, f"{text[position : position + 12]!r} is not understood", _unknown(text[position:]))
        kind, token = str(match.lastgroup), match.group()
        position = match.end()
        if kind == "blank":
            if not before or before in ("dot", "deep") or position == len(text):
                raise refuse(text, "a blank stands where none may", _HINTS["blank"])
            continue
        kind = _refined(text, kind, token, before, open_kinds, position)
        if kind not in _NEXT[before]:
            kind = kind if before else "root"
            raise refuse(text, f"{token!r} cannot stand there", _HINTS.get(kind, "see RFC 9535; as in $..card.number"))
        _track(text, kind, open_kinds)
        tokens.append(token)
        before = kind
    if open_kinds or before in ("dot", "deep"):
        raise refuse(text, "it is not complete", "close every bracket and name what follows a dot")
    return "".join(tokens)


def _refined(text: str, kind: str, token: str, before: str, open_kinds: list[str], position: int) -> str:
    """The kind in its context; numbers are checked here because their rules differ between index and operand."""
    if kind == "name" and before not in ("dot", "deep") and text[position:].lstrip().startswith("("):
        raise refuse(text, f"the function {token}() is not supported", _HINTS["left"])
    if kind == "name" and before == "compare" and token in ("true", "false", "null"):
        return "literal"
    if kind == "int" and before != "compare" and (token in ("-0",) or abs(int(token)) > _MAX_INTEGER):
        raise refuse(text, f"{token} is not an index", "an index is a whole number without leading zeros")
    if kind in ("text", "int", "float") and before == "compare":
        return "literal"
    if kind in ("both", "either", "compare", "right", "left") and (not open_kinds or open_kinds[-1] == "open"):
        raise refuse(text, f"{token!r} stands outside a filter", _HINTS["compare"])
    if kind in ("here", "root") and before and not open_kinds:
        raise refuse(text, f"{token!r} cannot stand there", _HINTS[kind])
    return kind


def _track(text: str, kind: str, open_kinds: list[str]) -> None:
    if kind == "open":
        open_kinds.append("open")
    elif kind == "ask":
        open_kinds[-1] = "filter"
    elif kind == "left":
        open_kinds.append("left")
    elif kind == "right":
        if open_kinds.pop() != "left":
            raise refuse(text, "parentheses do not match", "close what was opened last")
    elif kind == "close" and (not open_kinds or open_kinds.pop() == "left"):
        raise refuse(text, "brackets do not match", "close what was opened last")
    if len(open_kinds) > MAX_NESTING:
        raise refuse(text, "it is nested too deeply", f"at most {MAX_NESTING} brackets and parentheses")


def _unknown(rest: str) -> str:
    first = rest[0]
    if first in "'\"":
        return "a quoted name has no backslash escapes: write the character itself, and quote ' with \" and \" with '"
    if first in "|&":
        return "write && and || between the parts of a filter; for a union of paths write one rule each"
    if first == "`":
        return "words in backquotes (parent, len, sorted, ...) are not JSONPath: select the value itself"
    if first in "+-*/\\=~":
        return "arithmetic, sorting, single = and =~ are not JSONPath (RFC 9535); compare with ==, !=, <, <=, >, >="
    if first.isdigit():
        return "write numbers without exponent and without leading zeros"
    return "quote names with other characters than letters, digits and _, as in $['last-name'] or $['größe']"
