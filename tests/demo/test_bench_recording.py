"""`scripts/bench recording` measures gateways that differ in what they record, and in nothing else."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench_recording import LIMIT, WAYS, main

pytestmark = pytest.mark.e2e


def test_every_way_answers_and_is_compared_with_no_recording(capsys: pytest.CaptureFixture[str]) -> None:
    """Two short rounds, each of gateways of its own; the status says whether recording costs more than it may."""
    code = main(["--starts", "2", "--rounds", "1", "--seconds", "0.3"])
    report = json.loads(capsys.readouterr().out)
    assert list(report["throughput_ratio"]) == list(WAYS)[:2]
    assert report["throughput_ratio"]["off"] == 1
    assert all(rate > 0 for rate in report["requests_per_second"].values())
    assert code == (report["throughput_ratio"]["process"] < LIMIT or report["wrong"] > 0)
