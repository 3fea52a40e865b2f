"""Replicate's API tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "replicate-token",
    r"r8_[A-Za-z0-9]{37,40}",
    prefixes=("r8_",),
    length=43,
    hits=(
        "«" + "r8_" + "aB3d" * 9 + "x" + "»",
        "KEY=«" + "r8_" + "aB3d" * 9 + "x" + "», next",
        "a\\n«" + "r8_" + "aB3d" * 9 + "x" + "»\\n",
    ),
    misses=(
        "x" + "r8_" + "aB3d" * 9 + "x",
        "r8_short",
    ),
)
