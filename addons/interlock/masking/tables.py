"""Tables inside of texts: a line of names, and below it as many cells in every row. CSV, and what databases print.

What a column is called says what stands in it, as a member's name does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Column", "columns_of", "may_hold_table"]

_SEPARATORS = (b",", b";", b"\t", b"|")
_RULER = re.compile(rb"[\s|+:\-=]+")
_HEAD = re.compile(rb"[ \t\"'`*]*([^\s\"'`*0-9,;|{}\[\]<>=:()][^\"'`*,;|{}\[\]<>=:()\n]{0,39}?)[ \t\"'`*]*")
_MOST_COLUMNS, _MOST_LINES = 200, 20_000
_BARE = b" \t\r\"'`*"


class Column(NamedTuple):
    """What a column is called, and where its cells stand in the text, without blanks and quotes around them."""

    name: bytes
    cells: list[tuple[int, int]]


def may_hold_table(text: bytes) -> bool:
    """Whether a text can be one at all; few are."""
    end = text.find(b"\n", 1)
    return 0 < end < len(text) - 1 and any(sign in text[:end] for sign in _SEPARATORS)


def columns_of(text: bytes) -> Iterator[Column]:
    """The columns of a text that is a table from its first line to its last but one; nothing for every other text.

    The last row may be cut off. Rulers (`---+---`) and empty lines are passed over.
    """
    lines = _lines(text)
    if not lines:
        return
    first = text[slice(*lines[0])]
    for sign in _SEPARATORS:
        names = [_HEAD.fullmatch(cell) for cell in first.strip(b"| \t\r").split(sign)]
        if not 1 < len(names) <= _MOST_COLUMNS or not all(names):
            continue
        rows: list[list[tuple[int, int]]] = []
        for start, end in lines[1:]:
            rows.append(_cells(text, start, end, sign))
            if len(rows[-1]) != len(names) and (len(rows) == 1 or end != lines[-1][1]):
                break
        else:
            yield from _columns(names, rows)
            return


def _columns(names: list[re.Match[bytes] | None], rows: list[list[tuple[int, int]]]) -> Iterator[Column]:
    for at, name in enumerate(names):
        if name is not None:
            yield Column(name[1], [row[at] for row in rows if at < len(row)])


def _lines(text: bytes) -> list[tuple[int, int]]:
    found, at = list[tuple[int, int]](), 0
    while at < len(text) and len(found) <= _MOST_LINES:
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        if end > at and not _RULER.fullmatch(text, at, end):
            found.append((at, end))
        at = end + 1
    return found if 1 < len(found) <= _MOST_LINES else []


def _cells(text: bytes, start: int, end: int, sign: bytes) -> list[tuple[int, int]]:
    """The cells of a line, a separator in double quotes aside."""
    if sign == b"|":  # tables that are drawn may have lines at their sides
        start, end = _bare(text, start, end, b"| \t\r")
    found, at, place = list[tuple[int, int]](), start, text.find(sign, start, end)
    quotes, counted = 0, start
    while place >= 0:
        quotes += text.count(b'"', counted, place)
        counted = place
        if quotes % 2 == 0:
            found.append(_bare(text, at, place, _BARE))
            at = place + 1
            if len(found) > _MOST_COLUMNS:
                break
        place = text.find(sign, place + 1, end)
    found.append(_bare(text, at, end, _BARE))
    return found


def _bare(text: bytes, start: int, end: int, around: bytes) -> tuple[int, int]:
    while start < end and text[start] in around:
        start += 1
    while end > start and text[end - 1] in around:
        end -= 1
    return start, end
