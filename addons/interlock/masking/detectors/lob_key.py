"""Lob's keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "lob-key",
    r"(?:live|test)_[0-9a-f]{35}",
    prefixes=("live_", "test_"),
    length=40,
    hits=(
        "«" + "live_" + "0f9e" * 8 + "0f9" + "»",
        "KEY=«" + "live_" + "0f9e" * 8 + "0f9" + "», next",
        "a\\n«" + "live_" + "0f9e" * 8 + "0f9" + "»\\n",
    ),
    misses=(
        "x" + "live_" + "0f9e" * 8 + "0f9",
        "live_short",
    ),
)
