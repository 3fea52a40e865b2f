"""Heads kept in a file elsewhere."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from interlock.recording.anchor import Target
from interlock.recording.anchors.file import PART


def test_heads_are_added_line_by_line_and_are_the_owners_alone(tmp_path: Path) -> None:
    """In the order they came, whoever sends them."""
    file = tmp_path / "heads.jsonl"
    for line in (b"one", b"two"):
        assert PART.send(line, Target(path=file), 0.0) == b""
    assert file.read_bytes() == b"one\ntwo\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_torn_line_stays_alone(tmp_path: Path) -> None:
    """What a full disk left is not joined with the next head."""
    file = tmp_path / "heads.jsonl"
    file.write_bytes(b"one\ntor")
    PART.send(b"two", Target(path=file), 0.0)
    assert file.read_bytes() == b"one\ntor\ntwo\n"


@pytest.mark.parametrize("kind", ["nothing", "folder", "missing", "link"])
def test_what_cannot_be_written_is_an_error_that_is_tried_again(tmp_path: Path, kind: str) -> None:
    """No file named, a folder, a folder that is not there, a link to somewhere else."""
    path: Path | None = tmp_path / "heads.jsonl"
    if kind == "nothing":
        path = None
    elif kind == "folder":
        (tmp_path / "heads.jsonl").mkdir()
    elif kind == "missing":
        path = tmp_path / "away" / "heads.jsonl"
    else:
        os.symlink(tmp_path / "other", tmp_path / "heads.jsonl")
    with pytest.raises(OSError):
        PART.send(b"one", Target(path=path), 0.0)
    assert not (tmp_path / "other").exists()
