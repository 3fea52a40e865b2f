"""A world of rules and recordings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.replay.world import World, rules_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, rules_in(tmp_path / "then"))
    yield made
    made.close()
