"""Whether an awk program only reads its input and prints.

Follows the grammar of POSIX awk: a slash starts a regular expression where an operand is due and divides elsewhere;
`>` and `|` send output away behind `print` and `printf`, and compare only in parentheses or other statements.
"""

from __future__ import annotations

import re

__all__ = ["only_prints"]

_MAX_TEXT = 8192
_TOKEN = re.compile(
    r"(?P<blank>[ \t\r]+|\\\n|\#[^\n]*)|(?P<string>\"(?:\\.|[^\"\\\n])*\")|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)|(?P<end>[\n;{}])|(?P<open>[(\[])|(?P<close>[)\]])"
    r"|(?P<operator>>>|\|\||&&|\+\+|--|[-+*%^]=|\*\*|[<>=!]=|!~|[-+*%^<>=!~?:,$|&@])",
    re.DOTALL,
)
_REGEX = re.compile(r"/(?:\\.|\[\^?\]?(?:\\.|[^\]\\\n])*\]|[^/\\\[\n])+/")
_RUNS = frozenset(
    ("system", "getline", "close", "ENVIRON", "PROCINFO", "ARGV", "extension", "popen", "load", "include")
)
_AWAY = frozenset((">", ">>", "|"))
_KEYWORDS = frozenset(("print", "printf", "return", "in", "case", "else", "do"))
"""Words behind which an operand is due."""


def only_prints(program: str) -> bool:
    """True only for a program that is wholly read and starts nothing, writes no file and opens none of its own."""
    if len(program) > _MAX_TEXT:
        return False
    at, depth, printing, operand = 0, 0, False, True
    while at < len(program):
        if program[at] == "/":
            found = _REGEX.match(program, at) if operand else None
            if found is None and (operand or program[at : at + 2] == "/="):
                return False
            at, operand = (found.end(), False) if found else (at + 1, True)
            continue
        token = _TOKEN.match(program, at)
        if token is None:
            return False
        at, kind, text = token.end(), token.lastgroup, token[0]
        if kind == "blank":
            continue
        if text in _RUNS or text == "@" or text == "&" or (text in _AWAY and (text == "|" or (printing and not depth))):
            return False
        if kind == "end":
            if depth and text != ";":
                return False
            printing = printing and bool(depth)
        depth += {"open": 1, "close": -1}.get(kind or "", 0)
        printing = printing or text in ("print", "printf")
        if text == ")" and re.match(r"\s*/", program[at:]):
            return False  # a division or a pattern: awks differ
        operand = text in _KEYWORDS or kind in ("end", "open") or (kind == "operator" and text not in ("++", "--"))
    return depth == 0
