"""`scripts/bench verify`: what it measures; the figures are the machine's."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench_verify import main


def test_a_small_run_says_how_fast_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    """Recorded, anchored, verified; megabytes and seconds."""
    assert main(["--megabytes", "1", "--rounds", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["megabytes"] > found["of_events"] >= 0.9
    assert found["megabytes_per_second"] > 0
