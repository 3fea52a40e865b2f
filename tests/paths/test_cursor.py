"""A place in the text of a path."""

from __future__ import annotations

import pytest

from interlock.errors import InterlockError
from interlock.paths.cursor import Cursor
from interlock.paths.syntax import MAX_NESTING


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("-0", 0), ("1.50", 1.5), ("-1e2", -100.0), ("x", None)])
def test_numbers_keep_their_kind(text, number):
    """Whole numbers are whole, others are fractions, and what is none is left."""
    found = Cursor(text).number()
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize("text", ["01", "-0", "9007199254740992", "1" * 5000])
def test_indices_are_of_the_range_that_all_readers_have(text):
    """Leading zeros, minus zero and numbers beyond 2**53 are none."""
    with pytest.raises(InterlockError):
        Cursor(text).index()


def test_an_operator_is_taken_with_the_blanks_around_it():
    """Where it does not follow, nothing is taken."""
    cursor = Cursor(" \t&& x")
    assert not cursor.between("||")
    assert cursor.at == 0
    assert cursor.between("&&")
    assert cursor.peek("x")


def test_nesting_is_bounded():
    """One bracket more than allowed is refused."""
    cursor = Cursor("")
    for _ in range(MAX_NESTING):
        cursor.deeper()
    with pytest.raises(InterlockError):
        cursor.deeper()
