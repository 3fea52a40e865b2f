"""How a session's folder begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.model import JSON
from interlock.recording.beginning import continued, write_new


def test_a_new_session_names_the_end_of_the_old_one(recordings, erika) -> None:
    """The hash of its last event; nothing is torn."""
    session = recordings.session(erika, "run-1")
    opened: dict[str, JSON] = {}
    assert continued(session.folder, opened) is None
    seq, head = session.head
    assert opened == {"continues": session.id, "after": {"hash": head, "seq": seq}}


def test_what_is_torn_or_unreadable_is_said(recordings, erika, tmp_path: Path) -> None:
    """As a gap in the new session; the old one is not touched."""
    session = recordings.session(erika, "run-1")
    with (session.folder / "evidence.jsonl").open("ab") as file:
        file.write(b"torn")
    assert continued(session.folder, {})["bytes"] == 4
    assert continued(tmp_path / "gone", {}) == {"session": "gone", "unreadable": True}


def test_a_small_file_is_new_and_its_owners_alone(tmp_path: Path) -> None:
    """It never replaces one."""
    write_new(tmp_path / "salt", b"salt")
    assert ((tmp_path / "salt").read_bytes(), (tmp_path / "salt").stat().st_mode & 0o777) == (b"salt", 0o600)
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "salt", b"other")
