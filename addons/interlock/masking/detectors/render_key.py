"""Render's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "render-key",
    r"rnd_[A-Za-z0-9]{28,40}",
    prefixes=("rnd_",),
    length=44,
    hits=(
        "«" + "rnd_" + "aB3d" * 8 + "»",
        "KEY=«" + "rnd_" + "aB3d" * 8 + "», next",
        "a\\n«" + "rnd_" + "aB3d" * 8 + "»\\n",
    ),
    misses=(
        "x" + "rnd_" + "aB3d" * 8,
        "rnd_short",
    ),
)
