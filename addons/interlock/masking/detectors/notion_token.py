"""Notion's integration tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "notion-token",
    r"ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43}",
    prefixes=("ntn_", "secret_"),
    length=64,
    hits=(
        "«" + "ntn_" + "aB3d" * 11 + "xY" + "»",
        "«" + "secret_" + "aB3d" * 10 + "xYz" + "»",
        "KEY=«" + "ntn_" + "aB3d" * 11 + "xY" + "», next",
        "a\\n«" + "ntn_" + "aB3d" * 11 + "xY" + "»\\n",
    ),
    misses=(
        "x" + "ntn_" + "aB3d" * 11 + "xY",
        "ntn_short",
    ),
)
