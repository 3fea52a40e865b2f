"""What is known of shipping to one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.recording.shipment import Sent, Shipments, order_removal, removals

_SESSION = "01JD3ZK7V00000000000000000"
_SENT = (Sent("flows.mitm", 3, "ab" * 32), Sent("evidence.jsonl", 9, "cd" * 32))


@pytest.fixture
def recordings_folder(tmp_path: Path) -> Path:
    (tmp_path / _SESSION).mkdir()
    return tmp_path


def test_what_was_noted_is_known_after_a_restart(recordings_folder, clock) -> None:
    """The ledger is on the disk, and nothing else is needed."""
    first = Shipments(recordings_folder, "s3", clock)
    first.note(_SESSION, _SENT)
    first.close()
    again = Shipments(recordings_folder, "s3", clock)
    assert (again.sent(_SESSION), len(again)) == (_SENT, 1)
    again.close()


def test_what_was_removed_is_not_there_any_more(recordings_folder, clock) -> None:
    """The last word counts."""
    shipments = Shipments(recordings_folder, "s3", clock)
    shipments.note(_SESSION, _SENT)
    shipments.forget(_SESSION, ["flows.mitm"])
    assert shipments.sent(_SESSION) == shipments.recall(_SESSION) == _SENT[1:]
    shipments.close()


def test_sessions_that_are_gone_take_no_memory(recordings_folder, clock) -> None:
    """Of those the file alone tells, for the sake of an erasure later."""
    shipments = Shipments(recordings_folder, "s3", clock)
    shipments.note(_SESSION, _SENT)
    shipments.close()
    (recordings_folder / _SESSION).rmdir()
    again = Shipments(recordings_folder, "s3", clock)
    assert (again.sent(_SESSION), again.recall(_SESSION)) == ((), _SENT)
    again.close()


def test_one_process_ships_to_a_place(recordings_folder, clock) -> None:
    """The second is told so, and may read all the same."""
    first = Shipments(recordings_folder, "s3", clock)
    first.note(_SESSION, _SENT)
    with pytest.raises(BlockingIOError, match="another process"):
        Shipments(recordings_folder, "s3", clock)
    reader = Shipments(recordings_folder, "s3", clock, hold=False)
    assert reader.sent(_SESSION) == _SENT
    with pytest.raises(OSError, match="only read"):
        reader.note(_SESSION, _SENT)
    first.close()


def test_a_torn_line_is_a_gap(recordings_folder, clock) -> None:
    """A process that died in the middle of a note has not shipped."""
    first = Shipments(recordings_folder, "s3", clock)
    first.note(_SESSION, _SENT)
    first.close()
    path = recordings_folder / ".ship/s3/shipped.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    again = Shipments(recordings_folder, "s3", clock)
    assert again.sent(_SESSION) == ()
    again.note(_SESSION, _SENT)
    again.close()
    assert b'"kind":"gap"' in path.read_bytes()


def test_removals_wait_at_every_place_that_was_shipped_to(recordings_folder, clock) -> None:
    """Also at one that the rules do not name any more; each once."""
    for place in ("s3", "archive"):
        Shipments(recordings_folder, place, clock).close()
    (recordings_folder / ".ship/never").mkdir()
    for _ in range(2):
        order_removal(recordings_folder, _SESSION, "key")
    for place in ("s3", "archive"):
        assert [found[1:] for found in removals(recordings_folder / ".ship" / place)] == [(_SESSION, "key")]
    assert removals(recordings_folder / ".ship/never") == []


@pytest.mark.parametrize("session", ["../../etc", "x", _SESSION.lower()])
def test_what_is_no_session_orders_nothing(recordings_folder, clock, session) -> None:
    """A name never becomes a path by itself."""
    Shipments(recordings_folder, "s3", clock).close()
    order_removal(recordings_folder, session, "key")
    assert removals(recordings_folder / ".ship/s3") == []


@pytest.mark.parametrize("place", ["", "..", "a/b", "A" * 101])
def test_a_place_has_a_plain_name(recordings_folder, clock, place) -> None:
    """It is a folder's."""
    with pytest.raises(OSError, match="no name"):
        Shipments(recordings_folder, place, clock)
