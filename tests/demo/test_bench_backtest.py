"""`scripts/bench backtest`: the shape of what it measures; the figures are the machine's."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench_backtest import main


def test_a_small_run_measures_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """Under the rules of the time nothing differs, under others what they say; seconds and memory beside it."""
    assert main(["--decisions", "2000", "--sessions", "4", "--processes", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["same_rules"]["same"] == found["same_rules"]["judged"] == 2000
    assert found["same_rules"]["newly"] == {}
    assert found["other_rules"]["newly"]["forbidden"] > 0
    assert "permitted" not in found["other_rules"]["newly"]
    assert found["same_rules"]["undecided"] == found["other_rules"]["undecided"] == 0
    assert found["peak_memory_mb_of_a_process"] > 0
    assert found["other_rules"]["seconds"] > 0
