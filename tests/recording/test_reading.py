"""Reading recordings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from interlock.recording import list_sessions, read_events
from interlock.recording.event import GENESIS, MAX_EVENT, seal
from interlock.recording.reading import read_lines, summarise


def test_sessions_are_listed_in_order_with_who_and_what(recordings, erika, max_, clock) -> None:
    """From the first and the last line alone."""
    one = recordings.session(erika, "run-1")
    clock.advance(1)
    two = recordings.session(max_)
    two.append("decision", {})
    one.close("shutdown")
    first, second = list_sessions(recordings.folder)
    assert (first.id, first.state, first.events, first.run, first.subject) == (
        one.id, "closed", 2, "run-1", "erika.mustermann",
    )  # fmt: skip
    assert (second.state, second.events, second.run, second.identity) == ("open", 2, "", "demo")
    assert (first.started, first.ended) == ("2026-01-01T00:00:00.250Z", "2026-01-01T00:00:01.250Z")


def test_a_broken_session_is_still_listed(recordings, erika) -> None:
    """With a state that says so; nothing raises."""
    session = recordings.session(erika, "run-1")
    evidence = session.folder / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes() + b"torn")
    assert summarise(session.folder).state == "torn"
    evidence.write_bytes(b"junk\n")
    assert summarise(session.folder).state == "damaged"
    evidence.write_bytes(b"")
    assert summarise(session.folder).state == "empty"
    evidence.unlink()
    assert summarise(session.folder).state == "empty"
    evidence.mkdir()
    assert summarise(session.folder).state == "damaged"
    assert summarise(session.folder.parent).state == "damaged"


def test_events_stream_with_their_faults(recordings, erika) -> None:
    """Damaged and torn lines are shown as such, between intact ones."""
    session = recordings.session(erika, "run-1")
    evidence = session.folder / "evidence.jsonl"
    with open(evidence, "ab") as file:
        file.write(b"junk\n" + b"x" * (2 * MAX_EVENT + 5) + b"\ntorn")
    opened, junk, long, torn = read_events(session.folder)
    assert (opened.event.kind, opened.fault, opened.torn) == ("opened", "", False)
    assert (junk.event, junk.fault) == (None, "is not canonical JSON")
    assert (long.number, long.fault, long.torn) == (3, "is longer than an event can be", False)
    assert (torn.number, torn.torn) == (4, True)


def test_links_and_pipes_are_not_read(tmp_path) -> None:
    """A pipe would wait for ever, a link leads elsewhere."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for name in ("pipe", "link"):
        with pytest.raises(OSError):
            next(read_lines(tmp_path / name))


@pytest.mark.parametrize("kind", ["blank", "long"])
def test_what_cannot_be_evidence_is_not_read_to_its_end(tmp_path: Path, kind: str) -> None:
    """Millions of blank lines, a hole of a gigabyte: the last line says that nothing after it was read."""
    path = tmp_path / "evidence.jsonl"
    with path.open("wb") as file:
        if kind == "blank":
            file.write(b"\n" * 100_000)
        else:
            file.truncate(1 << 30)
    lines = list(read_lines(path))
    assert len(lines) == (10_001 if kind == "blank" else 1)
    assert (lines[-1].event, lines[-1].torn) == (None, False)
    assert lines[-1].fault.endswith("nothing after it was read")


def test_a_long_line_is_passed_over_and_what_follows_is_read(tmp_path: Path) -> None:
    """As far as it is not beyond all measure."""
    path = tmp_path / "evidence.jsonl"
    line, _ = seal("opened", {}, 1, GENESIS, "2026-01-01T00:00:00.000Z")
    path.write_bytes(b"x" * (3 << 20) + b"\n" + line)
    long, event = read_lines(path)
    assert (long.fault, event.fault) == ("is longer than an event can be", "")
