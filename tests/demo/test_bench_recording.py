"""`scripts/bench recording` measures gateways that differ in what they record, and in nothing else."""

from __future__ import annotations

import argparse
import json

import pytest

from interlock.demo import bench_recording
from interlock.demo.bench_recording import LIMIT, WAYS, main

pytestmark = pytest.mark.e2e


def test_every_way_answers_and_is_compared_with_no_recording(capsys: pytest.CaptureFixture[str]) -> None:
    """Two short rounds, each of gateways of its own; the status says whether recording costs more than it may."""
    code = main(["--starts", "2", "--most", "2", "--rounds", "1", "--seconds", "0.3"])
    report = json.loads(capsys.readouterr().out)
    assert list(report["throughput_ratio"]) == list(WAYS)[:2]
    assert report["throughput_ratio"]["off"] == 1
    assert all(rate > 0 for rate in report["requests_per_second"].values())
    assert (report["starts"], report["standard_error"] >= 0) == (2, True)
    assert code == (report["throughput_ratio"]["process"] < LIMIT or report["wrong"] > 0)


@pytest.mark.parametrize(
    ("ratios", "told"),
    [
        ([], False),
        ([0.90], False),  # fewer starts than were asked for
        ([0.90, 0.91], True),
        ([0.70, 0.71, 0.70, 0.71], True),
        ([0.86, 0.80, 0.90, 0.86], False),  # the limit is within what they differ by
    ],
)
def test_it_goes_on_until_it_can_tell(ratios: list[float], told: bool) -> None:
    """A few starts of a busy machine tell nothing."""
    options = argparse.Namespace(starts=2, rounds=1)
    assert bench_recording._told(options, {"off": [1.0] * len(ratios), "process": ratios}) is told
