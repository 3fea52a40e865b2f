"""Docker Hub's personal and organisation tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "docker-hub-token",
    r"dckr_(?:pat|oat)_[A-Za-z0-9_\-]{24,40}",
    prefixes=("dckr_pat_", "dckr_oat_"),
    length=49,
    hits=(
        "«" + "dckr_pat_" + "aB3d" * 6 + "xYz" + "»",
        "«" + "dckr_oat_" + "aB3d" * 8 + "»",
        "KEY=«" + "dckr_pat_" + "aB3d" * 6 + "xYz" + "», next",
        "a\\n«" + "dckr_pat_" + "aB3d" * 6 + "xYz" + "»\\n",
    ),
    misses=(
        "x" + "dckr_pat_" + "aB3d" * 6 + "xYz",
        "dckr_pat_short",
    ),
)
