"""Shippo's tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "shippo-token",
    r"shippo_(?:live|test)_[0-9a-f]{40}",
    prefixes=("shippo_",),
    length=52,
    hits=(
        "«" + "shippo_live_" + "0f9e" * 10 + "»",
        "KEY=«" + "shippo_live_" + "0f9e" * 10 + "», next",
        "a\\n«" + "shippo_live_" + "0f9e" * 10 + "»\\n",
    ),
    misses=(
        "x" + "shippo_live_" + "0f9e" * 10,
        "shippo_short",
    ),
)
