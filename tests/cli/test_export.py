"""`interlock export`: one session, to a file of one's own or a pipe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Interlock
from tests.cli.keeping import ERIKA, record, write_rules
from tests.recording.nasty import nasty_session

from interlock.recording import verify


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder with one session."""
    nasty_session(tmp_path / "recordings")
    return tmp_path / "recordings"


@pytest.mark.parametrize("name", ["har", "otlp", "ocsf", "jsonl", "csv"])
def test_a_file_holds_what_a_pipe_gets(interlock: Interlock, recordings: Path, tmp_path: Path, name: str) -> None:
    """Readable by its owner alone; a file that is there is never written over."""
    file = tmp_path / "out"
    arguments = ("export", "run-1", "--format", name, "--recordings", recordings)
    assert interlock(*arguments, "-o", file).code == 0
    assert file.read_bytes().decode() == interlock(*arguments).out
    assert file.stat().st_mode & 0o777 == 0o600
    again = interlock(*arguments, "-o", file)
    assert (again.code, "is there already" in again.err) == (1, True)


def test_an_export_is_a_look(interlock: Interlock, recordings: Path) -> None:
    """Noted with its format, and nothing of the recording changes."""
    before = [chain.head for chain in verify(recordings).chains if chain.name != "looks"]
    interlock("export", "run-1", "--format", "csv", "--recordings", recordings)
    look = json.loads((recordings / "looks.jsonl").read_text().splitlines()[-1])
    assert look["data"]["how"] == "interlock export --format csv"
    assert [chain.head for chain in verify(recordings).chains if chain.name != "looks"] == before


@pytest.mark.parametrize("named", ["nobody", "../etc", ""])
def test_a_session_that_is_not_there_is_said(interlock: Interlock, recordings: Path, named: str) -> None:
    """Status 1, and no file is made."""
    done = interlock("export", named, "--recordings", recordings, "-o", recordings / "out")
    assert done.code == 1
    assert "session" in done.err
    assert not (recordings / "out").exists()


def test_nothing_is_written_unless_all_of_it_can_be(
    interlock: Interlock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session whose flows cannot be opened: no half document, neither in a pipe nor in a file, only why."""
    monkeypatch.setenv("RECORDING_KEY", "11" * 32)
    (session,) = record(write_rules(tmp_path, "{encrypt: env:RECORDING_KEY}"), ERIKA)
    flows = tmp_path / "recordings" / session / "flows.mitm"
    flows.write_bytes(flows.read_bytes()[:-5] + b"other")
    monkeypatch.setenv("INTERLOCK_RECORDING_KEY", "11" * 32)
    arguments = ("export", session, "--format", "har", "--recordings", tmp_path / "recordings")
    piped, written = interlock(*arguments), interlock(*arguments, "-o", tmp_path / "out")
    assert (piped.code, piped.out, written.code) == (1, "", 1)
    assert "flows.mitm was changed" in piped.err
    assert not (tmp_path / "out").exists()
