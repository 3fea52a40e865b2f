"""`scripts/bench kill`: it says what was lost, and its exit code does too."""

from __future__ import annotations

import json

import pytest

from interlock.demo.bench_kill import Outcome, main

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    ("outcome", "ok"),
    [
        (Outcome(reached=3, torn=1, recovered=2), True),
        (Outcome(unrecorded=1), False),
        (Outcome(answers_unrecorded=1), False),
        (Outcome(left_open=1), False),
        (Outcome(broken=["evidence.jsonl:3 does not match its own hash"]), False),
    ],
)
def test_anything_lost_is_a_failure(outcome: Outcome, ok: bool) -> None:
    """Torn lines and recovered sessions are no loss."""
    assert outcome.ok is ok


def test_a_small_run_kills_and_compares(capsys: pytest.CaptureFixture[str]) -> None:
    """Once, with two agents."""
    assert main(["--moments", "1", "--clients", "2"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["moments"] == 1
    assert found["reached"] <= found["decisions"]
