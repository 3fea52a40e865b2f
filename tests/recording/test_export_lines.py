"""Lines for machines, and a table that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.recording.nasty import NASTY, nasty_session

from interlock.recording import read_events
from interlock.recording.export_lines import cell, csv_rows, event_lines
from interlock.recording.exporting import Exported


@pytest.mark.parametrize("nasty", NASTY)
def test_no_cell_is_a_formula_or_a_command(nasty: str) -> None:
    """Also where blanks, tabs or line ends stand before it, and whatever else the text holds."""
    for text in (nasty, " " + nasty, "\xa0" + nasty, nasty * 2):
        shown = cell(text)
        assert shown.isprintable()
        assert not shown.lstrip(" \xa0").startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(("text", "shown"), [
    (";=cmd", "';'=cmd"), (",=cmd", "',=cmd"), ('";"=cmd', "'\";\"'=cmd"), ("; ; -1", "'; ; '-1"),
    ("a;=cmd|x", "a;'=cmd|x"), ("a; \"@x", "a; \"'@x"), ("a;b;+1", "a;b;'+1"), ("x;＝cmd", "x;'＝cmd"),
    ("a;b", "a;b"), ("a, -1", "a, -1"), ("select 1; select 2", "select 1; select 2"), ("", ""), (";", ";"),
])  # fmt: skip
def test_no_part_of_a_cell_is_a_formula_where_semicolons_end_cells(text: str, shown: str) -> None:
    """Spreadsheets of many languages read `;` as the end of a cell, whatever quotes stand around it."""
    assert cell(text) == shown


def test_a_table_has_a_row_for_what_happened(tmp_path: Path) -> None:
    """Whatever the texts hold, rows and columns stay what they are."""
    written = "".join(csv_rows(Exported.of(nasty_session(tmp_path))))
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert {len(row) for row in rows} == {16}
    assert len(rows) == 1 + 8 * len(NASTY)
    assert all(one.isprintable() and not one.startswith(("=", "+", "-", "@")) for row in rows for one in row)
    usage = next(row for row in rows if row[3] == "usage")
    assert usage[-2:] == ["10", ""]


def test_lines_are_the_events(tmp_path: Path) -> None:
    """All of them, with their chain, so that they can be compared with the file."""
    folder = nasty_session(tmp_path)
    found = [json.loads(line) for line in event_lines(Exported.of(folder))]
    kept = [line.event for line in read_events(folder)]
    assert [(one["seq"], one["hash"]) for one in found] == [(event.seq, event.hash) for event in kept if event]
    assert "".join(event_lines(Exported.of(folder))).isascii()
