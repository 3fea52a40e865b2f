"""Whatever traffic holds, what is kept of it fits an event, and says what it left out."""

from __future__ import annotations

from typing import Any

import pytest

from interlock.recording.bounded import Bounded, restore_numbers
from interlock.recording.canonical import canonical

DEEP: Any = {}
for _ in range(60):
    DEEP = {"a": [DEEP]}

ROWS: list[tuple[dict[str, Any], bool]] = [
    ({"a": "x" * 4096}, False),
    ({"a": "x" * 4097}, True),
    ({"a": ["x"] * 4000}, False),
    ({"a": ["xxxxxxxxx"] * 4000}, True),
    ({"n" * 5000: 1}, True),
    ({str(number): None for number in range(4000)}, False),
    ({str(number): None for number in range(20000)}, True),
    (DEEP, True),
    ({"a": 10**5000}, True),
    ({"a": [0.5] * 1001}, True),
]


@pytest.mark.parametrize(("members", "cut"), ROWS)
def test_what_is_too_much_is_cut_and_says_so(members: dict[str, Any], cut: bool) -> None:
    """Long texts, many values, depth and huge numbers; what is kept is small however it is escaped."""
    bounded = Bounded(members)
    assert bounded.cut is cut
    assert len(canonical(bounded.members)) < 400_000
    assert bounded.size <= 45_000


def test_nothing_to_show_is_cut_too() -> None:
    """Where nothing may be shown, nobody takes the emptiness for the truth."""
    assert (Bounded(None).members, Bounded(None).cut) == ({}, True)


def test_numbers_that_become_text_are_numbers_again() -> None:
    """Also inside of lists; a text that looks like a number stays one, and places that are not there mean nothing."""
    members: dict[str, Any] = {"a": [1.5, {"b": 2**60}], "c": "1.5", "d": "word"}
    bounded = Bounded(members)
    assert bounded.members == {"a": ["1.5", {"b": str(2**60)}], "c": "1.5", "d": "word"}
    wrong: list[Any] = [["a", 7], ["x"], ["d"], ["a", 0, "z"], [True], "a"]
    assert restore_numbers(bounded.members, [*bounded.numbers, *wrong]) == members
