"""The demo as `scripts/demo` plays it."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.demo import play
from interlock.demo.stage import Seen, Step


@pytest.mark.e2e
def test_every_step_comes_out_as_expected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All services, a real gateway, real clients; the table, the timeline, the chain."""
    assert play.main(["--folder", str(tmp_path)]) == 0, capsys.readouterr().out
    assert "all as expected" in capsys.readouterr().out


@pytest.mark.e2e
def test_one_wrong_step_fails_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and shows the gateway's last words."""
    monkeypatch.setattr(play, "STEPS", (Step("hopes", "the impossible", lambda stage: Seen(False, "no")),))

    assert play.main(["--folder", str(tmp_path)]) == 1
    shown = capsys.readouterr().out
    assert "NOT as expected" in shown
    assert "last words" in shown
