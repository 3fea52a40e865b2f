"""How random a value looks: what tells a secret from a word, a name of a file or a placeholder."""

from __future__ import annotations

import math
import re
from collections import Counter

__all__ = ["entropy", "is_placeholder", "looks_secret"]

_PLACEHOLDER = re.compile(
    r"(?:\$(?:[A-Za-z_{(]|[0-9]\Z)|%(?:[A-Za-z_]*%?\Z|\()|<|\{|\[|process\.|os\.|env\.|config\.|settings\.|self\.|args?\.|params?\.|data\.|secrets?\.|var\.|vault:|ref:|file:|/)|"
    r"(?:[*x.\-_]{3,}|(?:your|my|the|some|an?|insert|enter|replace|change|example|sample|dummy|fake|test|todo|tbd|none|null|"
    r"nil|undefined|true|false|string|str|int|bool|optional|required|redacted|masked|hidden|placeholder|default|empty|"
    r"password|passwd|secret|token|key|value|here|me|this|get|set|new|old|is|not)(?:[_\-. ]|\b))",
    re.IGNORECASE,
)
_CALL = re.compile(r"[{}\[\]<>;]")
_WORDS = re.compile(r"[A-Za-z_\-.]+[0-9]?\Z")
_HUMPS = re.compile(r"[A-Z]?[a-z]{3,}")
_MOST = 0.6
"""How much of a name is words, at least: `newPassword` is two, and random letters are a third of that."""
_DATE = re.compile(r"[0-9]{1,4}[\-./][0-9]{1,2}[\-./][0-9]{1,4}(?:[T ][0-9:.]+(?:Z|[+\-][0-9:]+)?)?\Z")
_BASE64 = re.compile(
    r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])(?!.*/(?:[a-z]{3,}|[A-Z][a-z]{4,})(?:/|\Z))"
    r"/(?:[A-Za-z0-9+/]{4}){5,21}(?:[A-Za-z0-9+/]{3}|[A-Za-z0-9+/]{2}=|[A-Za-z0-9+/]==)"
)
"""Begins as a path does, without a word in it, and is a key in base64: its length is a multiple of four."""
_FEW, _LONG, _ENOUGH = 10, 16, 3.0


def entropy(value: str) -> float:
    """Shannon's entropy in bits a character."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values()) if size else 0.0


def is_placeholder(value: str) -> bool:
    """Whether a text stands for a value: a variable, a call, a word such as `changeme`, or stars."""
    return bool(_PLACEHOLDER.match(value) or _CALL.search(value)) or _is_call(value)


def _is_call(value: str) -> bool:
    """Whether brackets are those of a call or of a remark; those of a password stand among all kinds of letters."""
    if "(" not in value and ")" not in value:
        return False
    if not (re.search("[a-z]", value) and re.search("[A-Z]", value) and re.search("[0-9]", value)):
        return True
    head = value.partition("(")[0] if "(" in value else ""
    return sum(map(len, _HUMPS.findall(head))) >= _MOST * max(1, sum(map(str.isalpha, head)))


def looks_secret(value: str) -> str:
    """The confidence that a value given to a secret-like name is one: high, medium, or none."""
    if (is_placeholder(value) and not _BASE64.fullmatch(value)) or len(set(value)) < 4:
        return ""
    kinds = sum(map(bool, (re.search("[a-z]", value), re.search("[A-Z]", value), re.search("[0-9]", value),
                           re.search("[^A-Za-z0-9]", value))))  # fmt: skip
    if _DATE.match(value):
        return ""
    if _WORDS.match(value):
        letters = sum(map(str.isalpha, value))
        if (
            letters < _FEW
            or value.islower()
            or value.isupper()
            or sum(map(len, _HUMPS.findall(value))) >= _MOST * letters
        ):
            return ""
        return "high" if len(value) >= _LONG and entropy(value) >= _ENOUGH else "medium"
    if len(value) >= _LONG and kinds >= 2 and entropy(value) >= _ENOUGH:
        return "high"
    return "medium" if kinds >= 2 and any(map(str.isdigit, value)) else ""
