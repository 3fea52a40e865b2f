"""Selectors of elements."""

from __future__ import annotations

from interlock.paths.steps import Index, Slice


def test_indices_count_from_both_ends():
    """Negative indices count from the end, and never wrap around."""
    chosen = [index for index in range(5) if any(Index(one).holds(index, 5) for one in (0, -1, -7))]
    assert chosen == [0, 4]


def test_slices_follow_rfc_9535():
    """Bounds are clipped, steps may go back, a step of 0 selects nothing."""
    for start, stop, step in [(None, None, 1), (1, -1, 2), (-3, None, 1), (None, None, -1), (4, 1, -2), (9, 20, 1)]:
        chosen = Slice(start, stop, step)
        assert list(chosen.places(7)) == list(range(7)[start:stop:step])
        assert [index for index in range(7) if chosen.holds(index, 7)] == sorted(range(7)[start:stop:step])
    assert not any(Slice(None, None, 0).holds(index, 7) for index in range(7))
