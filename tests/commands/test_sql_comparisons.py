"""What two sides of a comparison have in common."""

from __future__ import annotations

import pytest
import sqlglot

from interlock.commands.sql_comparisons import column_name, covers, is_id, number, same


@pytest.mark.parametrize(
    ("text", "alike"),
    [("a = a", True), ("a = b", False), ("'x' = 'x'", True), ("1 = 2", False), ("'a' = \"a\"", True),
     ("'a' = \"b\"", False), ("lower(a) = lower(a)", True), ("t.a = u.a", False)],
)  # fmt: skip
def test_two_sides(text: str, alike: bool) -> None:
    """A column, a literal or what is made of them, compared with itself."""
    found = sqlglot.parse_one(text, dialect="sqlite")

    assert same(found.this, found.expression) is alike


@pytest.mark.parametrize(
    ("text", "all_rows"),
    [
        ("a IS NULL OR a IS NOT NULL", True),
        ("a = 1 OR a <> 1", True),
        ("a = 1 OR b <> 1", False),
        ("a = 1 OR a = 2", False),
    ],
)
def test_alternatives(text: str, all_rows: bool) -> None:
    """Each other's opposite: one of them holds for every row."""
    assert covers(list(sqlglot.parse_one(text).flatten())) is all_rows


def test_names_and_numbers() -> None:
    """A column's name, whether every row has it, and what number a literal is."""
    column, literal = sqlglot.parse_one("t.ID"), sqlglot.parse_one("-2.5")

    assert (column_name(column), is_id(column), number(column)) == ("id", True, None)
    assert (column_name(literal), is_id(literal), number(literal)) == ("", False, -2.5)
