"""Statements around a statement, which the parser keeps as text: EXPLAIN and its options, cursors, IF and loops."""

from __future__ import annotations

import re

__all__ = ["CURSOR", "FETCH", "explain_options", "scripted"]

_LIST = re.compile(r"\s*\(([^()]*)\)\s*", re.ASCII)
_WORD = re.compile(
    r"\s*(analyze|analyse|verbose|extended|partitions|query\s+(?:plan|tree)|plan\s+for|plan|pipeline|syntax|ast|estimate"
    r"|using\s+(?:text|json|tabular)|[a-z_]+\s*=\s*\d+,?)(?=[\s(])\s*",
    re.IGNORECASE | re.ASCII,
)
_OFF = frozenset(("false", "off", "0", "'false'", "'off'", '"false"', '"off"'))
CURSOR = re.compile(
    r"\s*\w+\s+((binary|insensitive|asensitive|no|scroll)\s+)*cursor\s+(with(out)?\s+hold\s+)?for\s+",
    re.IGNORECASE | re.ASCII,
)
"""What PostgreSQL's DECLARE says before the query of a cursor."""
FETCH = re.compile(r"\s*([a-z]+\s+)?([\w-]+\s+)?((from|in)\s+)?\w+", re.IGNORECASE | re.ASCII)
"""What follows PostgreSQL's FETCH."""

_THEN = re.compile(r"\b(?:then|do)\b", re.IGNORECASE)
_ENDS = re.compile(r"\s*(if|while|for|loop|case|repeat)\s*", re.IGNORECASE)


def scripted(name: str, tail: str) -> list[str] | None:
    """What BigQuery's IF, WHILE and FOR run: the condition as a query, and the first statement; None for others."""
    if name == "end" and _ENDS.fullmatch(tail):
        return []
    found = _THEN.search(tail) if name in ("if", "elseif", "while") else None
    return None if found is None else [f"SELECT {tail[: found.start()]}", tail[found.end() :]]


def explain_options(tail: str) -> tuple[bool, str]:
    """Whether EXPLAIN carries its statement out, and that statement."""
    runs = False
    listed = _LIST.match(tail)
    if listed and not re.match(r"\s*\(\s*(select|with|values)\b", tail, re.IGNORECASE):
        for option in listed.group(1).split(","):
            words = option.lower().split()
            if words and words[0].strip('"') in ("analyze", "analyse"):
                runs = runs or len(words) != 2 or words[1] not in _OFF
        return runs, tail[listed.end() :]
    while word := _WORD.match(tail):
        runs = runs or word.group(1).lower().startswith("analy")
        tail = tail[word.end() :]
    return runs, tail
