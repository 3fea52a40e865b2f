"""`interlock verify`: intact or not, and what it cannot know."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Interlock
from tests.cli.test_sessions import recordings

__all__ = ["recordings"]


def test_intact_recordings_pass_and_the_limits_are_said(interlock: Interlock, recordings: Path) -> None:
    """Status 0, every head in full, and honestly what a chain cannot show."""
    done = interlock("verify", recordings)
    assert done.code == 0, done.out
    assert "chains intact" in done.out
    assert "cannot see" in done.out
    found = json.loads(interlock("verify", recordings, "--json").out)
    assert found["ok"] is True
    assert len(found["chains"]) >= 2
    assert all(chain["head"] in done.out.replace("\n", "") for chain in found["chains"])


def test_a_changed_event_is_found(interlock: Interlock, recordings: Path) -> None:
    """Status 1, with file and line, for people and for machines."""
    folder = next(path for path in sorted(recordings.iterdir()) if path.is_dir() and len(path.name) == 26)
    evidence = folder / "evidence.jsonl"
    evidence.write_bytes(evidence.read_bytes().replace(b'"forbid"', b'"permit"'))
    done = interlock("verify", recordings)
    assert done.code == 1
    assert "BROKEN" in done.out
    assert f"{folder.name}/evidence.jsonl:2: " in done.out
    found = json.loads(interlock("verify", folder, "--json").out)
    assert found["ok"] is False
    assert found["chains"][0]["findings"][0]["what"] == "changed"


def test_nothing_to_check_is_not_intact(interlock: Interlock, tmp_path: Path) -> None:
    """An empty folder proves nothing: status 1."""
    done = interlock("verify", tmp_path)
    assert done.code == 1
    assert "nothing to check" in done.out
