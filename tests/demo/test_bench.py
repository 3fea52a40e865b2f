"""What the bench measures is what it says."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench import Subject, answer, bodies, main
from interlock.demo.load import Measurement


def test_the_bench_sends_one_kilobyte_of_different_statements() -> None:
    """Bodies are JSON of about 1 KB, each with its own statement."""
    made = bodies(64)

    assert len(set(made)) == 64
    assert all(1000 <= len(body) <= 1024 and "SELECT" in json.loads(body)["query"] for body in made)
    assert 900 <= len(answer()) <= 1100


def test_a_summary_is_the_median_of_its_rounds() -> None:
    """One noisy round changes nothing."""
    windows = [Measurement(requests=rate, seconds=1.0, latencies=[0.01]) for rate in (100, 900, 110)]
    subject = Subject("x", 0, windows=windows, cpu=[0.001, 0.002, 0.009])

    assert subject.summary()["requests_per_second"] == 110
    assert subject.summary()["cpu_us_per_request"] == 2000


def test_its_configuration_can_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    """`--config` shows the rules and measures nothing."""
    assert main(["--config"]) == 0
    assert "analysts-read" in capsys.readouterr().out
