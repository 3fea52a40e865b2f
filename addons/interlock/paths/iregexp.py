"""I-Regexp (RFC 9485) as RE2 programs: linear in time whatever the pattern and the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from interlock.errors import BodyRejected
from interlock.reasons import Reason

__all__ = ["compiled", "unsupported", "width"]

_MAX_PATTERN = 2000
_MAX_DEPTH = 100
_WIDE = 2
"""A class of characters takes several steps, as it is spelled in UTF-8."""
_MAX_MEMORY = 4 << 20
_CATEGORY = r"\\[pP]\{(?:L[ltmou]?|M[cen]?|N[dlo]?|P[cdefios]?|Z[lps]?|S[ckmo]?|C[cfno]?)\}"
_ESCAPED = r"\\[()*+\-.?\[\\\]^nrt{|}]"
_MEMBER = rf"(?:[^\[\\\]\-\ud800-\udfff]|{_ESCAPED})"
_CLASS = rf"\[\^?(?:-|{_MEMBER}(?:-{_MEMBER})?|{_CATEGORY})(?:{_MEMBER}(?:-{_MEMBER})?|{_CATEGORY})*-?\]"
_TOKEN = re.compile(
    rf"(?P<category>{_CATEGORY})|(?P<escaped>{_ESCAPED})|(?P<set>{_CLASS})|(?P<any>\.)|(?P<open>\()|(?P<close>\))"
    r"|(?P<or>\|)|(?P<times>[*+?]|\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\})|(?P<edge>[\^$])"
    r"|(?P<plain>[^()*+.?\[\\\]{|}\ud800-\udfff])",
    re.DOTALL,
)
_IN_SET = re.compile(rf"{_CATEGORY}|{_ESCAPED}|.", re.DOTALL)
_CONTROL = {"\\n": r"\n", "\\r": r"\r", "\\t": r"\t"}


def unsupported(pattern: str) -> str:
    """Why a pattern is no I-Regexp that can be run; empty if it is."""
    if _translated(pattern) is None:
        return f"{pattern!r} is no I-Regexp"
    try:
        compiled(pattern, False)
    except BodyRejected:
        return f"the pattern {pattern!r} is too large"
    return ""


@lru_cache(maxsize=256)
def compiled(pattern: str, whole: bool) -> Callable[[bytes], object] | None:
    """Searches UTF-8, or asks whether all of it matches; None for what is no I-Regexp.

    As the compliance suite of RFC 9535 has it, ^ and $ are the ends of the text. Raises BodyRejected for a pattern
    that is too large for a linear search.
    """
    import re2

    inner = _translated(pattern)
    if inner is None:
        return None
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    try:
        program: Any = re2.compile(rf"\A(?:{inner})\z" if whole else inner, options)
    except re2.error:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a pattern in the body cannot be run") from None
    search: Callable[[bytes], object] = program.search
    return search


@lru_cache(maxsize=256)
def width(pattern: str) -> int:
    """How many places of a pattern may be tried for one letter of a text at most: what is repeated counts as often.

    A search costs no more than so many steps a letter. Of a pattern that cannot be run it says nothing.
    """
    sums, last, at = [0], 0, 0
    while (match := _TOKEN.match(pattern, at)) is not None:
        kind, at = match.lastgroup, match.end()
        if kind == "open":
            sums.append(0)
            last = 0
        elif kind == "close" and len(sums) > 1:
            last = sums.pop()
            sums[-1] += last
        elif kind == "times":
            sums[-1] += last * (_times(match.group()) - 1)
        elif kind not in ("or", "edge"):
            last = _WIDE if kind in ("category", "set", "any") else 1
            sums[-1] += last
    return sum(sums) + 1


def _times(shown: str) -> int:
    counts = [int(count) for count in shown.strip("{}").split(",") if count.isdigit()]
    return max([1, *counts])


def _translated(pattern: str) -> str | None:
    if len(pattern) > _MAX_PATTERN:
        return None
    pieces: list[str] = []
    at, depth, atom = 0, 0, False
    while at < len(pattern):
        match = _TOKEN.match(pattern, at)
        if match is None:
            return None
        kind, token = str(match.lastgroup), match.group()
        at = match.end()
        depth += (kind == "open") - (kind == "close")
        if not 0 <= depth <= _MAX_DEPTH or (kind == "times" and not atom):
            return None
        atom = kind not in ("times", "open", "or")
        pieces.append(_piece(kind, token))
    return "".join(pieces) if depth == 0 else None


def _piece(kind: str, shown: str) -> str:
    if kind == "any":
        return r"[^\n\r]"
    if kind == "open":
        return "(?:"
    if kind == "edge":
        return r"\A" if shown == "^" else r"\z"
    if kind == "set":
        start = "[^" if shown.startswith("[^") else "["
        return start + "".join(map(_literal, _IN_SET.findall(shown[len(start) : -1]))) + "]"
    return _literal(shown) if kind in ("escaped", "plain") else shown


def _literal(shown: str) -> str:
    """One character; in a set, the minus sign of a range stays what it is."""
    if shown in _CONTROL or shown[:2] in ("\\p", "\\P") or shown == "-":
        return _CONTROL.get(shown, shown)
    letter = shown[-1]
    return letter if letter.isalnum() or not letter.isascii() else f"\\x{{{ord(letter):x}}}"
