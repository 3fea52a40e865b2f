"""Secrets in files: read again when the file changes, never from what is no small regular file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from interlock.credentials.sources.file import PART, mode_warning
from interlock.errors import Refused


def test_a_file_is_read_again_when_it_changes(tmp_path: Path) -> None:
    """Rotation needs no restart: rewriting in place or by renaming shows at the next use."""
    path = tmp_path / "secret"
    path.write_text("first\n")
    source = PART.open(str(path), Path())

    assert source.read().reveal() == "first"
    assert source.read() is source.read()
    path.write_text("second, longer")
    assert source.read().reveal() == "second, longer"
    other = tmp_path / "other"
    other.write_text("third, ranger")
    os.replace(other, path)
    assert source.read().reveal() == "third, ranger"
    assert source.reference() == f"file:{path}"


def test_a_file_that_went_away_gives_nothing_old(tmp_path: Path) -> None:
    """A deleted secret is not served from memory."""
    path = tmp_path / "secret"
    path.write_text("first\r\n")
    source = PART.open("secret", tmp_path)
    assert source.read().reveal() == "first"
    path.unlink()
    with pytest.raises(Refused) as caught:
        source.read()

    assert caught.value.reason == "secret-unavailable"
    assert "first" not in str(caught.value)


def test_only_one_line_end_is_left_out(tmp_path: Path) -> None:
    """More than the editor's own line end is a mistake worth telling."""
    (tmp_path / "secret").write_text("first\n\n")
    with pytest.raises(Refused, match="line break"):
        PART.open("secret", tmp_path).read()


def test_what_is_no_small_regular_file_is_refused(tmp_path: Path) -> None:
    """Folders, pipes, large files and binary ones are refused, and a pipe does not block."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_text("x" * (1 << 20))
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in (".", "pipe", "large", "binary", "absent", "nul\x00byte"):
        with pytest.raises(Refused) as caught:
            PART.open(name, tmp_path).read()

        assert caught.value.reason == "secret-unavailable"


def test_files_open_to_others_are_warned_about(tmp_path: Path) -> None:
    """check says when others can read a secret."""
    path = tmp_path / "secret"
    path.write_text("x")
    path.chmod(0o644)
    assert PART.warnings("secret", tmp_path) == (f"{path} is open to other users (mode 0644): chmod 600 {path}",)
    path.chmod(0o600)

    assert mode_warning(path) == ""
    assert mode_warning(tmp_path / "absent") == ""
