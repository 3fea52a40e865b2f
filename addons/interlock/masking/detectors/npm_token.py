"""npm's access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "npm-token",
    r"npm_[A-Za-z0-9]{36}",
    prefixes=("npm_",),
    length=40,
    hits=(
        "«" + "npm_" + "aB3d" * 9 + "»",
        "KEY=«" + "npm_" + "aB3d" * 9 + "», next",
        "a\\n«" + "npm_" + "aB3d" * 9 + "»\\n",
    ),
    misses=(
        "x" + "npm_" + "aB3d" * 9,
        "npm_short",
    ),
)
