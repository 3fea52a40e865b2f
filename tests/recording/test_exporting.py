"""What every export is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.recording.nasty import nasty_session

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.recording.exporting import Exported, formats, nanoseconds
from interlock.recording.keyring import VARIABLE, Keyring
from interlock.recording.keys import read_kek


@pytest.mark.parametrize("name", ["har", "otlp", "ocsf", "jsonl", "csv"])
def test_every_format_streams_text(tmp_path: Path, name: str) -> None:
    """Piece by piece, and the same each time."""
    session = Exported.of(nasty_session(tmp_path))
    first = list(formats()[name](session))
    assert len(first) > 3
    assert first == list(formats()[name](session))


def test_damaged_events_are_left_out(tmp_path: Path) -> None:
    """What does not verify is not passed on as if it did; `interlock verify` says what is wrong."""
    folder = nasty_session(tmp_path)
    evidence = folder / "evidence.jsonl"
    before = len(list(Exported.of(folder).events()))
    evidence.write_bytes(evidence.read_bytes().replace(b'"input":7', b'"input":8', 1))
    assert len(list(Exported.of(folder).events())) == before - 1


def test_what_is_no_session_is_said(tmp_path: Path) -> None:
    """An empty folder, or one that holds something else."""
    folder = tmp_path / "01M827Y8KQTZRZSYJ39N4BN72R"
    folder.mkdir()
    with pytest.raises(InterlockError, match="empty"):
        Exported.of(folder)
    (folder / "evidence.jsonl").write_text("no event\n")
    with pytest.raises(InterlockError, match="damaged"):
        Exported.of(folder)


@pytest.mark.parametrize(("at", "expected"), [("2027-01-15T08:00:00.250Z", 1_800_000_000_250_000_000), ("x", 0)])
def test_a_stamp_is_a_moment(at: str, expected: int) -> None:
    """Exact to the millisecond."""
    assert nanoseconds(at) == expected


@pytest.mark.parametrize("name", ["har", "otlp", "ocsf", "jsonl", "csv"])
def test_an_encrypted_session_is_exported_where_its_key_is(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the key all of it, without it nothing, and that is said."""
    secret = "11" * 32
    keys = Keyring(tmp_path / "sealed", [read_kek(Secret(secret), "env:KEY")])
    (tmp_path / "sealed").mkdir()
    folder = nasty_session(tmp_path / "sealed", keys)
    with pytest.raises(InterlockError, match="encrypted and sealed"):
        Exported.of(folder)
    monkeypatch.setenv(VARIABLE, secret)
    exported = Exported.of(folder)
    plain = Exported.of(nasty_session(tmp_path / "plain"))
    assert len(list(formats()[name](exported))) == len(list(formats()[name](plain)))
    assert exported.summary.subject == plain.summary.subject
