"""Tables as text (RFC 4180): the names in the first line choose columns, detectors search everything.

Which character separates is not written in the table, so columns are looked for under every one that could.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
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


class _Cell(NamedTuple):
    row: int
    column: int
    start: int
    end: int


def mask_csv(text: str, names: NameSet | None, search: Search, spell: Spell) -> tuple[str, tuple[Finding, ...]]:
    """The table, masked; everything that was not chosen keeps its bytes.

    Raises BodyRejected for a table in which columns were chosen and quotes do not end.
    """
    raw = encode(text)
    spans = [*search(raw), *(_chosen(raw, names) if names is not None else ())]
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


def _chosen(raw: bytes, names: NameSet) -> Iterator[Span]:
    first = raw.removeprefix(_BOM).lstrip(b"\r\n").partition(b"\n")[0]
    alone = all(separator not in first for separator in _SEPARATORS)
    for separator in _SEPARATORS:
        if separator in first or (alone and separator == _SEPARATORS[0]):
            yield from _columns(raw, separator, names)


def _columns(raw: bytes, separator: bytes, names: NameSet) -> Iterator[Span]:
    """The cells of chosen columns. A row that is too long may have shifted: what follows in it is chosen too."""
    rules: dict[int, tuple[str, str]] = {}
    width, first, row = 0, -1, list[_Cell]()
    for cell in (*_cells(raw, separator), _Cell(-1, 0, 0, 0)):
        if row and cell.row != row[0].row:
            if first == row[0].row:
                width = len(row)
            elif rules:
                yield from _of_row(raw, row, rules, width)
            row = []
        if cell.row < 0:
            return
        row.append(cell)
        if first < 0:
            first = cell.row
        if cell.row == first and (rule := names.rule(_plain(raw[cell.start : cell.end]))) is not None:
            rules[cell.column] = (rule.action, rule.id)


def _of_row(raw: bytes, row: list[_Cell], rules: dict[int, tuple[str, str]], width: int) -> Iterator[Span]:
    leftmost = min(rules)
    for cell in row:
        chosen = rules.get(cell.column)
        if chosen is None and len(row) > width and cell.column > leftmost:
            chosen = rules[leftmost]
        if chosen is None:
            continue
        start, end = quoted_spans(raw, cell.start, cell.end)
        if end > start:
            yield Span(start, end, chosen[0], chosen[1], chosen[1], "field")


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
