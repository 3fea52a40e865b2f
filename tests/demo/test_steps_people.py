"""A write that a person has to allow runs after somebody said yes at a terminal, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest

from interlock.demo.play import stage
from interlock.demo.steps_people import PEOPLE_STEPS, WRITE


@pytest.mark.e2e
def test_an_approved_write_runs_once(tmp_path: Path) -> None:
    """Held, approved by somebody who signed in for it, run; and nothing of it ran before."""
    with stage(tmp_path) as scene:
        assert WRITE not in scene.services.warehouse.ran
        seen = PEOPLE_STEPS[0].play(scene)

        assert seen.right, seen.outcome
        assert "is approved" in seen.outcome
        assert scene.services.warehouse.ran.count(WRITE) == 1
