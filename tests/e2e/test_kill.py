"""A gateway that is killed at random moments loses nothing that reached an upstream, and its chains verify."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from tests.conftest import Record

from interlock.demo.bench_kill import kill

_MOMENTS = int(os.environ.get("INTERLOCK_TEST_KILLS", "5"))
"""`scripts/bench kill` does it two hundred times."""


@pytest.mark.parametrize("durability", ["process", "power"])
def test_kill_9_under_load_loses_nothing(tmp_path: Path, record_figures: Record, durability: str) -> None:
    """What the upstream saw is in the evidence, what agents were answered too, and every session is closed."""
    moments = _MOMENTS if durability == "process" else _MOMENTS // 2 + 1
    outcome = asyncio.run(kill(tmp_path, moments=moments, seed=7, clients=8, durability=durability))

    record_figures(f"kill -9 ({durability})", {
        "moments": outcome.moments, "reached": outcome.reached, "recorded": outcome.decisions,
        "recovered": outcome.recovered,
    })  # fmt: skip
    assert outcome.reached > 0
    assert (outcome.unrecorded, outcome.answers_unrecorded, outcome.broken) == (0, 0, [])
    assert outcome.recovered > 0
    assert outcome.left_open == 0
