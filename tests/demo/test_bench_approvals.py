"""`scripts/bench approvals`: the shape of what it measures; the figures are the machine's."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench_approvals import main

pytestmark = pytest.mark.e2e


def test_a_small_run_measures_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """With a few that wait: throughput, CPU and memory, beside nobody."""
    assert main(["--held", "5", "--rounds", "1", "--seconds", "0.3"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["held"] == 5
    assert found["throughput_ratio"] > 0
    assert found["cpu_ratio"] > 0
    assert len(found["memory_mb_each"]) == 1
