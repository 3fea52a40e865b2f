"""Check digits, by the examples of their standards."""

from __future__ import annotations

import pytest

from interlock.masking.numbers import alone, compact, is_day, is_luhn, is_mod11_10, is_verhoeff, weighed


def test_check_digits():
    """The right digit passes, every other does not."""
    for asks, good in ((is_luhn, "79927398713"), (is_verhoeff, "2363"), (is_mod11_10, "86095742719")):
        assert [digit for digit in "0123456789" if asks(good[:-1] + digit)] == [good[-1]]
    assert weighed("123", (3, 2)) == 7


def test_days():
    """Years of two digits may be leap years."""
    assert is_day(85, 2, 29)
    assert is_day(2024, 2, 29)
    assert not is_day(2023, 2, 29)
    assert not is_day(85, 13, 1)
    assert not is_day(85, 4, 31)
    assert not is_day(1700, 1, 1)
    assert not is_day(85, 1, 0)


@pytest.mark.parametrize(
    ("text", "yes"),
    [("12", True), ("x12", False), ("12x", False), ("1.12", False), ("12.5", False), ("a-12", False), ("12-a", False),
     ("a.12", True), ("/12/", True), ("12.", True), ("12-", True), ("1/12", False), ("\\n12", True)],
)  # fmt: skip
def test_a_number_stands_alone(text, yes):
    """No part of a word, a longer number, a date or an id."""
    data = text.encode()
    start = data.find(b"12")
    assert alone(data, start, start + 2) is yes


def test_compact_keeps_letters_and_digits():
    """Whatever stands between them goes."""
    assert compact("a1\u00a0-2".encode()) == "A12"
