"""Texts in which no word begins or extends a statement but those of the statement itself.

A parser that refuses such a text while another understood the very same characters refuses a spelling: its database
would refuse it as well, and run none of it.
"""

from __future__ import annotations

import re

from interlock.commands.sql_suspect import EXTENDING

__all__ = ["tame_statements"]

_TOKEN = re.compile(
    r"'[^']*'?|\"[^\"]*\"?|`[^`]*`?|(?P<replaces>replace)\s*\(|(?P<word>[^\W\d][\w$]*)|(?P<end>;)",
    re.ASCII | re.IGNORECASE,
)
_LEVEL = "(serializable|repeatable read|read (un)?committed)"
_TRANSACTION = (
    rf"(begin|start|commit|rollback|end)( work| transaction| tran)?( isolation level {_LEVEL}| read (only|write))?"
)
_ACTIONS = "(cascade|restrict|no action|set null|set default)"
_FORMS = (
    (r"(select|with|values)\b", r"\bfor (no key )?update\b|\bfor (key )?share\b"),
    (r"table \w+( order by \w+)?( limit)?\Z", ""),
    (r"(insert( ignore| or ignore| or replace)?|replace) into\b",
     r"\bdo update set\b|\bdo nothing\b|\bkey update\b|\breturning\b"),
    (r"update (or )?(?!set\b)\w+( (?!set\b)\w+){0,2} set\b", r"\breturning\b"),
    (r"delete (ignore )?from\b", r"\breturning\b"),
    (r"create (temp |temporary )?table (if not exists )?",
     rf"\bon (delete|update) {_ACTIONS}\b|\bon update current_timestamp\b"),
    (r"create (unique )?index (if not exists |concurrently )*", ""),
    (r"explain( query plan| analyze| analyse| verbose| format| json| tree| using| text| buffers| costs| off| on| true)*"
     r" (?=(select|with)\b)", ""),
    (r"show( create table| full)?\b", ""),
    (rf"{_TRANSACTION}\Z", ""),
)  # fmt: skip
_STATEMENTS = [(re.compile(begins), re.compile(more) if more else None) for begins, more in _FORMS]
_WITHIN = frozenset(("end", "else", "if", "for"))
_MORE = EXTENDING - _WITHIN
_MARKS = ("#", "//", "$", "\\")


def tame_statements(text: str) -> int:
    """How many statements a tame text has; 0 for one that is none."""
    if any(mark in text for mark in _MARKS):
        return 0
    found, words = 0, list[str]()
    for token in [*_TOKEN.finditer(text), None]:
        if token is None or token.group("end"):
            if words and not _is_tame(" ".join(words)):
                return 0
            found += bool(words)
            words = []
        elif token.group("word"):
            words.append(token.group("word").lower())
        elif not token.group("replaces"):
            words.append("_")  # a name or a string
    return found


def _is_tame(words: str) -> bool:
    for begins, more in _STATEMENTS:
        if start := begins.match(words):
            rest = words[start.end() :]
            return _MORE.isdisjoint((more.sub(" ", rest) if more else rest).split())
    return False
