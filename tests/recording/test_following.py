"""What comes to a folder is told once, in order, as far as it is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.recording.nasty import Clock

from interlock.model import Principal
from interlock.recording import Recordings
from interlock.recording.finding import Wanted
from interlock.recording.following import Follower

ERIKA = Principal("corp", "https://idp.example.com", "erika")
MAX = Principal("corp", "https://idp.example.com", "max")


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    """One session has begun."""
    found = Recordings(tmp_path, Clock())
    found.session(ERIKA, "run-1").append("decision", {"effect": "permit", "n": 0})
    return found


def told(follower: Follower) -> list[tuple[str, str]]:
    """The kinds of what is new, each with the end of its session's id."""
    return [(session, line.event.kind if line.event else "") for session, line in follower.poll()]


def test_only_what_is_new_is_told(recordings: Recordings) -> None:
    """Sessions that begin later are told from their first event; several at once."""
    follower = Follower(recordings.folder)
    assert told(follower) == []
    one, two = recordings.session(ERIKA, "run-1"), recordings.session(MAX, "run-2")
    one.append("response", {"status": 200})
    two.append("decision", {"effect": "forbid"})
    assert told(follower) == [(one.id, "response"), (two.id, "opened"), (two.id, "decision")]
    assert told(follower) == []
    recordings.close()
    assert told(follower) == [(one.id, "closed"), (two.id, "closed")]


def test_what_is_not_wanted_is_passed_over(recordings: Recordings) -> None:
    """By whose session it is, what was decided, and which session it is."""
    forbidden = Follower(recordings.folder, Wanted(decision="forbid"))
    of_max = Follower(recordings.folder, Wanted(principal="max"))
    one = recordings.session(ERIKA, "run-1")
    only = Follower(recordings.folder, only=one.id)
    assert told(forbidden) == told(of_max) == told(only) == []
    one.append("decision", {"effect": "forbid"})
    recordings.session(MAX, "run-2").append("decision", {"effect": "permit"})
    assert [kind for _, kind in told(forbidden)] == ["decision"]
    assert [kind for _, kind in told(of_max)] == ["opened", "decision"]
    assert told(only) == [(one.id, "decision")]


def test_since_tells_what_was_before(recordings: Recordings) -> None:
    """From that moment on."""
    assert [kind for _, kind in told(Follower(recordings.folder, Wanted(since="2026-01-01")))] == ["opened", "decision"]


def test_a_line_is_told_when_it_is_whole(recordings: Recordings) -> None:
    """Half an event waits for its end; one that is damaged is told as such."""
    follower = Follower(recordings.folder)
    assert told(follower) == []
    session = recordings.session(ERIKA, "run-1")
    evidence = session.folder / "evidence.jsonl"
    with evidence.open("ab") as file:
        file.write(b'{"at":')
        file.flush()
        assert told(follower) == []
        file.write(b"7}\n")
        file.flush()
    ((found, line),) = list(follower.poll())
    assert (found, line.event, line.fault) == (session.id, None, "is not an event")


def test_a_session_that_goes_is_followed_no_more(recordings: Recordings) -> None:
    """Retention may take it away."""
    follower = Follower(recordings.folder)
    session = recordings.session(ERIKA, "run-1")
    assert told(follower) == []
    (session.folder / "evidence.jsonl").unlink()
    assert told(follower) == []
