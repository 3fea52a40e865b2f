"""The agents' steps are played with the others."""

from __future__ import annotations

from interlock.demo.steps import STEPS
from interlock.demo.steps_agents import AGENT_STEPS


def test_they_stand_before_the_warehouse_is_counted() -> None:
    """What the warehouse saw is asked last."""
    at = [STEPS.index(step) for step in AGENT_STEPS]

    assert at == sorted(at)
    assert max(at) < len(STEPS) - 1
