"""Tables as text (RFC 4180): the names in the first line choose columns and say what stands in them, row for row;
detectors search everything.

Which character separates is not written in the table, so columns are looked for under every one that could.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from interlock.errors import BodyRejected
from interlock.masking.actions import Span, merge
from interlock.masking.detector import encode
from interlock.masking.names import NameSet
from interlock.masking.stream import Spell
from interlock.model import Finding
from interlock.reasons import Reason

__all__ = ["mask_csv", "quoted_spans"]

_SEPARATORS = (b",", b";", b"\t", b"|")
_BOM = "\ufeff".encode()
_MAX_COLUMNS = 10_000

type Search = Callable[[bytes], Sequence[Span]]
type Named = Callable[[bytes], Search | None]
"""Gives the search of values that are called so; None where a name makes no difference."""


class _Cell(NamedTuple):
    row: int
    column: int
    start: int
    end: int


def mask_csv(
    text: str, names: NameSet | None, search: Search, named: Named, spell: Spell
) -> tuple[str, tuple[Finding, ...]]:
    """The table, masked; everything that was not chosen keeps its bytes.

    Raises BodyRejected for a table in which columns were chosen and quotes do not end.
    """
    raw = encode(text)
    spans = [*search(raw), *_chosen(raw, names, named)]
    if not spans:
        return text, ()
    pieces, findings, at = list[str](), list[Finding](), 0
    for span in merge(spans):
        shown, finding = spell(span, raw[span.start : span.end].decode("utf-8", "surrogatepass"))
        pieces += [raw[at : span.start].decode("utf-8", "surrogatepass"), shown]
        findings.append(
            Finding(finding.rule, finding.detector, f"line {raw.count(b'\n', 0, span.start) + 1}", finding.confidence,
                    finding.action, finding.digest)
        )  # fmt: skip
        at = span.end
    pieces.append(raw[at:].decode("utf-8", "surrogatepass"))
    return "".join(pieces), tuple(findings)


def _chosen(raw: bytes, names: NameSet | None, named: Named) -> Iterator[Span]:
    first = raw.removeprefix(_BOM).lstrip(b"\r\n").partition(b"\n")[0]
    alone = all(separator not in first for separator in _SEPARATORS)
    for separator in _SEPARATORS:
        if separator in first or (alone and separator == _SEPARATORS[0]):
            columns = _heads(raw, separator, names, named)
            if columns.rules or columns.searches:
                yield from _rows(raw, separator, columns)


class _Columns(NamedTuple):
    """What the first line says: how many columns there are, which rules choose, and for which a name helps a search."""

    width: int
    rules: dict[int, tuple[str, str]]
    searches: dict[int, Search]


def _heads(raw: bytes, separator: bytes, names: NameSet | None, named: Named) -> _Columns:
    """The columns of a table. Only its first line is read."""
    rules: dict[int, tuple[str, str]] = {}
    searches: dict[int, Search] = {}
    width, first = 0, -1
    for cell in _cells(raw, separator):
        first = cell.row if first < 0 else first
        if cell.row != first:
            break
        width += 1
        head = _plain(raw[cell.start : cell.end])
        rule = names.rule(head) if names is not None else None
        search = named(encode(head)) if rule is None else None
        if rule is not None:
            rules[cell.column] = (rule.action, rule.id)
        elif search is not None:
            searches[cell.column] = search
    return _Columns(width, rules, searches)


def _rows(raw: bytes, separator: bytes, columns: _Columns) -> Iterator[Span]:
    """What is chosen in all rows but the first."""
    first, row = -1, list[_Cell]()
    for cell in (*_cells(raw, separator), _Cell(-1, 0, 0, 0)):
        if row and cell.row != row[0].row:
            if row[0].row != first:
                yield from _of_row(raw, row, columns)
            row = []
        first = cell.row if first < 0 else first
        row.append(cell)


def _of_row(raw: bytes, row: list[_Cell], columns: _Columns) -> Iterator[Span]:
    """The chosen cells of a row. One that is too long may have shifted: what follows in it is chosen too."""
    leftmost = min(columns.rules, default=len(row))
    shifted = len(row) > columns.width
    for cell in row:
        chosen = columns.rules.get(cell.column)
        if chosen is None and shifted and cell.column > leftmost:
            chosen = columns.rules[leftmost]
        start, end = quoted_spans(raw, cell.start, cell.end)
        if end == start:
            continue
        if chosen is not None:
            yield Span(start, end, chosen[0], chosen[1], chosen[1], "field")
        for column, search in columns.searches.items():
            if column == cell.column or (shifted and cell.column > column):
                yield from (
                    replace(span, start=start + span.start, end=start + span.end) for span in search(raw[start:end])
                )


def quoted_spans(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where a cell's text stands: within its quotes, if it has them and nothing else."""
    inside = end - start >= 2 and raw[start] == raw[end - 1] == 0x22
    return (start + 1, end - 1) if inside else (start, end)


def _cells(raw: bytes, separator: bytes) -> Iterator[_Cell]:
    """Every cell with its row and its column; empty lines are passed over."""
    mark = re.escape(separator)
    cell = re.compile(rb'[ ]*"(?:[^"]|"")*+"[^' + mark + rb"\r\n]*|[^\"" + mark + rb"\r\n][^" + mark + rb"\r\n]*|")
    at, row, column = (len(_BOM) if raw.startswith(_BOM) else 0), 0, 0
    while at < len(raw):
        match = cell.match(raw, at)
        end = match.end() if match is not None else at
        following = raw[end : end + 1]
        if following == b'"' or column > _MAX_COLUMNS:
            raise BodyRejected(Reason.BODY_UNPARSABLE, "a table in which columns are masked cannot be read")
        if end > at or column or following == separator:
            yield _Cell(row, column, at, end)
        if following == separator:
            column += 1
        else:
            row, column = row + 1, 0
        at = end + 1


def _plain(cell: bytes) -> str:
    text = cell.decode("utf-8", "replace").strip()
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text
