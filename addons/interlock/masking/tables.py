"""Tables inside of texts: a line of names, and below it as many cells in every row. CSV, and what databases print.

What a column is called says what stands in it, as a member's name does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from interlock.errors import BodyRejected
from interlock.reasons import Reason

__all__ = ["Column", "columns_of", "may_hold_table"]

_SEPARATORS = (b",", b";", b"\t", b"|")
_RULER = re.compile(rb"[\s|+:\-=]+")
_HEAD = re.compile(rb"[ \t\"'`*]*([^\s\"'`*0-9,;|{}\[\]<>=:()][^\"'`*,;|{}\[\]<>=:()\n]{0,39}?)[ \t\"'`*]*")
_MOST_CELLS = 2_000_000
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

    The last row may be cut off. Rulers (`---+---`) and empty lines are passed over. Raises BodyRejected for a table of
    more than two million cells.
    """
    for sign in _SEPARATORS:
        lines = _lines(text)
        first = next(lines, None)
        if first is None:
            return
        names = [_HEAD.fullmatch(cell) for cell in text[slice(*first)].strip(b"| \t\r").split(sign)]
        if len(names) < 2 or not all(names):
            continue
        rows = _rows(text, lines, sign, len(names))
        if rows:
            yield from _columns(names, rows)
            return


def _rows(text: bytes, lines: Iterator[tuple[int, int]], sign: bytes, width: int) -> list[list[tuple[int, int]]]:
    """The cells of all rows; none where a row before the last has another number of them."""
    rows: list[list[tuple[int, int]]] = []
    for start, end in lines:
        if rows and len(rows[-1]) != width:
            return []
        rows.append(_cells(text, start, end, sign, width))
        if len(rows) == 1 and len(rows[0]) != width:
            return []
        if len(rows) * width > _MOST_CELLS:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "the table within a text has more cells than are searched")
    return rows


def _columns(names: list[re.Match[bytes] | None], rows: list[list[tuple[int, int]]]) -> Iterator[Column]:
    for at, name in enumerate(names):
        if name is not None:
            yield Column(name[1], [row[at] for row in rows if at < len(row)])


def _lines(text: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(text):
        end = text.find(b"\n", at)
        end = len(text) if end < 0 else end
        if end > at and not _RULER.fullmatch(text, at, end):
            yield at, end
        at = end + 1


def _cells(text: bytes, start: int, end: int, sign: bytes, width: int) -> list[tuple[int, int]]:
    """The cells of a line, a separator in double quotes aside; no more than one too many."""
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
            if len(found) > width:
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
