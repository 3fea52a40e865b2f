"""What sessions share: how many evidence files are open, and whether recording is in doubt."""

from __future__ import annotations

import pytest

from interlock.errors import Refused
from interlock.recording import Limits, read_events, verify


def _kinds(session) -> list[str]:
    return [read.event.kind for read in read_events(session.folder)]


def test_open_files_are_bounded(record, erika) -> None:
    """The longest unused ones are closed, and opened again when they are needed."""
    recordings = record(Limits(handles=2))
    sessions = [recordings.session(erika, f"run-{number}") for number in range(5)]
    for _ in range(2):
        for session in sessions:
            session.append("decision", {})
            assert sum(other._chain.is_open for other in sessions) <= 2
    assert all(_kinds(session) == ["opened", "decision", "decision"] for session in sessions)
    assert all(chain.ok for chain in verify(recordings.folder).chains)


def test_a_file_that_was_opened_in_vain_is_closed(record, erika) -> None:
    """What is no event is refused; its file does not stay open where nobody counts it."""
    recordings = record(Limits(handles=2))
    sessions = [recordings.session(erika, f"run-{number}") for number in range(5)]
    for session in sessions:
        with pytest.raises(Refused):
            session.append("decision", {"odd": object()})
    assert sum(session._chain.is_open for session in sessions) <= 2
    assert all(session.append("decision", {}) for session in sessions)


def test_the_longest_unused_file_is_closed_first(record, erika, clock) -> None:
    """Who is busy keeps its file."""
    recordings = record(Limits(handles=2))
    busy, idle, late = (recordings.session(erika, f"run-{number}") for number in range(3))
    for session in (idle, busy, late):
        clock.advance(1)
        session.append("decision", {})
        busy.append("decision", {})
    assert [session._chain.is_open for session in (busy, idle, late)] == [True, False, True]
    idle.append("decision", {})
    assert [session._chain.is_open for session in (busy, idle, late)] == [False, True, True]


def test_nothing_is_appended_after_the_end(recordings, erika) -> None:
    """A closed gateway's sessions are in doubt."""
    session = recordings.session(erika, "run-1")
    assert not session._shared.doubts
    recordings.close()
    assert session._shared.doubts == {"closed"}
    with pytest.raises(Refused):
        session.append("decision", {})
