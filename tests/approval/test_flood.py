"""How much one principal may ask."""

from __future__ import annotations

import math

from interlock.approval.flood import Flood


def test_a_no_cools_for_a_while() -> None:
    """Noes of the last minute count; without a cool-down none does."""
    assert Flood().denied_since(100.0) == 40.0
    assert Flood(cooldown=0).denied_since(100.0) == math.inf
    assert Flood().pending == 5
