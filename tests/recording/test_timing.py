"""The pace of a stream is kept with it, also where its body is masked once more for the recording."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from interlock.recording.timing import fitted

EVENTS = st.lists(st.binary(max_size=9).map(lambda data: data.replace(b"\n", b"") + b"\n\n"), min_size=1, max_size=9)


@given(EVENTS)
def test_each_event_keeps_its_moment(events: list[bytes]) -> None:
    """Masked events are longer or shorter, and come when they came."""
    timing = [(7 * number, len(event)) for number, event in enumerate(events)]
    masked = [b"data: [masked]\n\n" if number % 2 else event for number, event in enumerate(events)]
    expected = [(7 * number, len(event)) for number, event in enumerate(masked)]
    assert fitted(timing, b"".join(events), b"".join(masked)) == expected
    assert fitted(timing, b"".join(events), b"".join(events)) == timing


def test_pieces_that_are_no_events_come_together() -> None:
    """Where events cannot be told apart, nothing is made up about when they came."""
    assert fitted([(0, 3), (9, 3)], b"abcdef", b"masked and long") == [(9, 15)]
    assert (
        fitted([(0, 1), (9, 3)], b"a\n\nb", b"aaa\n\nb") == [(9, 6)]
        or sum(size for _, size in fitted([(0, 1), (9, 3)], b"a\n\nb", b"aaa\n\nb")) == 6
    )
    assert fitted([], b"", b"x") == [] == fitted([(1, 2)], b"ab", b"")


@given(st.lists(st.integers(1, 5), min_size=1, max_size=9), st.binary(max_size=40))
def test_the_sizes_are_those_of_the_body(sizes: list[int], kept: bytes) -> None:
    """Whatever the pieces were, together they are the kept body."""
    sent = (b"a\n\nb" * 20)[: sum(sizes)]
    found = fitted([(number, size) for number, size in enumerate(sizes)], sent, kept)
    assert sum(size for _, size in found) == len(kept)
