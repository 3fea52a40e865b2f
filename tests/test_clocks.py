"""The machine's clocks go on."""

from __future__ import annotations

import time

from interlock.clocks import SystemClock


def test_clocks_are_the_machines() -> None:
    """Each by its own scale; nothing sets them."""
    clock, wall, ran = SystemClock(), time.time(), time.monotonic()

    assert abs(clock.now() - wall) < 60
    assert clock.monotonic() >= ran
