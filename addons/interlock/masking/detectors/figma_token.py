"""Figma's personal and OAuth tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "figma-token",
    r"fig(?:d|o|u|or|oh)_[A-Za-z0-9_\-]{36,64}",
    prefixes=("figd_", "figo_", "figu_", "figor_", "figoh_"),
    length=70,
    hits=(
        "«" + "figd_" + "aB3d" * 10 + "»",
        "KEY=«" + "figd_" + "aB3d" * 10 + "», next",
        "a\\n«" + "figd_" + "aB3d" * 10 + "»\\n",
    ),
    misses=(
        "x" + "figd_" + "aB3d" * 10,
        "figd_short",
    ),
)
