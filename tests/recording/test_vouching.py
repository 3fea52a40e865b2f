"""What entries say, and how what advanced is found on the disk."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from interlock.recording import Recordings
from interlock.recording.reading import first_number
from interlock.recording.session import EVIDENCE
from interlock.recording.vouching import Watch, changed_since, file_entry, log_files, tip_of, whole_files


def test_a_session_is_read_from_its_files(recordings: Recordings, erika) -> None:
    """Its last whole event; no flows are no bytes; a folder without events says nothing."""
    session = recordings.session(erika, "run-1")
    session.append("decision", {})
    tip = tip_of(session.folder)
    assert tip is not None
    assert (tip.seq, tip.hash, tip.closed, tip.flows) == (*session.head, False, 0)
    (recordings.folder / "empty").mkdir()
    assert tip_of(recordings.folder / "empty") is None
    (recordings.folder / "empty" / EVIDENCE).write_bytes(b"junk\n")
    assert tip_of(recordings.folder / "empty") is None


def test_sessions_are_found_by_when_they_were_written_to(recordings: Recordings, erika) -> None:
    """With a margin: times of change are coarse."""
    first, second = recordings.session(erika, "run-1"), recordings.session(erika, "run-2")
    os.utime(first.folder / EVIDENCE, (1000, 1000))
    os.utime(second.folder / EVIDENCE, (2000, 2000))
    assert list(changed_since(recordings.folder, 2100)) == [second.id]
    assert list(changed_since(recordings.folder, 0)) == [first.id, second.id]


def test_logs_are_told_by_where_their_halves_begin(tmp_path: Path, record) -> None:
    """What did not change is not read again; what could not be noted is told again."""
    recordings = record()
    recordings.refusal({"reason": "token-missing", "peer": "192.0.2.1"})
    watch = Watch(recordings.folder)
    (entry,) = watch.changed()
    assert (entry.kind, entry.name, entry.data["seq"], entry.data["starts"]) == ("log", "refusals", 2, [1])
    assert list(watch.changed()) == []
    watch.forget()
    assert [entry.name for entry in watch.changed()] == ["refusals"]
    assert log_files(recordings.folder) == ["refusals"]
    assert first_number(recordings.folder / "nowhere") == 0


def test_a_file_is_its_bytes_and_their_digest(tmp_path: Path) -> None:
    """By its name within the folder; none is none."""
    (tmp_path / ".runs").mkdir()
    (tmp_path / ".runs" / "a").write_bytes(b"line\n")
    entry = file_entry(tmp_path, tmp_path / ".runs" / "a")
    assert entry is not None
    assert entry.data == {"bytes": 5, "name": ".runs/a", "sha256": hashlib.sha256(b"line\n").hexdigest()}
    assert file_entry(tmp_path, tmp_path / ".runs" / "b") is None


def test_only_files_of_a_known_shape_are_vouched_for(tmp_path: Path) -> None:
    """What is being copied, and what is somebody else's, is not."""
    for name in (
        f".rules/{'a' * 64}/packs/own.yaml",
        f".rules/{'a' * 64}.77/x.yaml",
        ".keys/x",
        f".keys/{'b' * 16}.json",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert [path.relative_to(tmp_path).as_posix() for path in whole_files(tmp_path)] == [
        f".keys/{'b' * 16}.json", f".rules/{'a' * 64}/packs/own.yaml",
    ]  # fmt: skip
