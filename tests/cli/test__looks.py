"""A look is noted before anything is shown; where it cannot be, that is said and no more."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interlock.cli._looks import note_look


def test_a_look_is_noted_with_the_machine_s_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By whom the operating system knows; nothing is printed."""
    note_look(tmp_path, "interlock sessions show", {"session": "01"})
    look = json.loads((tmp_path / "looks.jsonl").read_text().splitlines()[1])
    assert look["at"].startswith("20")
    assert look["data"]["how"] == "interlock sessions show"
    assert capsys.readouterr() == ("", "")


def test_where_it_cannot_be_noted_this_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Read-only media, or something in its place. Of a folder that is not there nothing is shown, and nothing said."""
    (tmp_path / "looks.jsonl").mkdir()
    note_look(tmp_path, "interlock sessions show", {})
    assert "this look is not recorded" in capsys.readouterr().err
    note_look(tmp_path / "none", "interlock sessions show", {})
    assert capsys.readouterr() == ("", "")
