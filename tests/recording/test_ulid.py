"""Names of session folders."""

from __future__ import annotations

import pytest

from interlock.recording.ulid import Ulids, is_ulid


def test_ulids_are_well_formed_and_begin_with_the_time(clock) -> None:
    """The first ten characters are the milliseconds in base 32."""
    name = Ulids(clock).new()
    assert is_ulid(name)
    value = 0
    for character in name[:10]:
        value = value * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(character)
    assert value == int(clock.now() * 1000)


def test_ulids_never_repeat_and_sort_in_the_order_they_were_made(clock) -> None:
    """Also within one millisecond, and when the clock goes back."""
    ulids = Ulids(clock)
    names = [ulids.new() for _ in range(500)]
    clock.advance(-3600)
    names += [ulids.new() for _ in range(500)]
    assert names == sorted(set(names))


@pytest.mark.parametrize(
    "text", ["", "..", "../01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAV/", "01arz3ndektsv4rrffq69g5fav",
             "81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAV\n", "01ARZ3NDEKTSV4RRFFQ69G5FAI"]
)  # fmt: skip
def test_nothing_else_becomes_part_of_a_path(text: str) -> None:
    """Paths, other cases, overflowing times and look-alike letters are not ULIDs."""
    assert not is_ulid(text)
