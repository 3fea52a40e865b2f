"""Tests for interlock.masking.tables: what is a table, and which cells a name heads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.masking.tables import columns_of, may_hold_table


def _read(text: str) -> dict[str, list[str]]:
    raw = text.encode()
    return {name.decode(): [raw[start:end].decode() for start, end in cells] for name, cells in columns_of(raw)}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("id,full name\n1,Erika\n2,Max\n", {"id": ["1", "2"], "full name": ["Erika", "Max"]}),
        ('id;name\r\n1;"a; b"\r\n2;c', {"id": ["1", "2"], "name": ["a; b", "c"]}),
        (" id | name  \n----+-------\n  1 | Erika \n(1 row)\n", {"id": ["1", "(1 row)"], "name": ["Erika"]}),
        ("| id | name |\n|---|---|\n| 1 | Erika |\n| 2 | Max |", {"id": ["1", "2"], "name": ["Erika", "Max"]}),
        ("a\tb\n1\t2\n3", {"a": ["1", "3"], "b": ["2"]}),
    ],
)
def test_tables_are_read_as_they_are_printed(text: str, columns: dict[str, list[str]]) -> None:
    """By programs, by databases and in Markdown; the last row may be cut off."""
    assert _read(text) == columns


@pytest.mark.parametrize(
    "text",
    [
        "Dear Erika, thank you\nfor the letter\n",
        "one line, only",
        "a,b\n1,2,3\n4,5\n",
        "1,2\n3,4\n",
        '{"a": 1,\n"b": 2}',
        "",
        "\n\n",
        "id,name\n",
    ],
)
def test_other_texts_are_none(text: str) -> None:
    """Rows of another width, a first line that is no line of names, prose."""
    assert _read(text) == {}


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet='ab1,;|\t\n"- +\r', max_size=60))
def test_any_text_is_read_and_every_cell_lies_in_it(text: str) -> None:
    """Nothing is raised, and cells of one column do not overlap."""
    raw = text.encode()
    for _, cells in columns_of(raw):
        assert may_hold_table(raw.lstrip(b"\n")) or b"\n" in raw
        assert all(0 <= start <= end <= len(raw) for start, end in cells)
        assert sorted(cells) == cells


def test_a_quote_that_does_not_end_takes_no_longer() -> None:
    """Half a million separators behind one quote are passed over once."""
    assert _read('a,b\n"' + "b," * 500_000 + "\n1,2\n") == {}
