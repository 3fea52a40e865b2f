"""Dropbox's short-lived tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "dropbox-token",
    r"sl\.(?:u\.)?[A-Za-z0-9_\-]{120,}",
    prefixes=("sl.",),
    length=0,
    more=".",
    hits=(
        "«" + "sl." + "aB3d" * 34 + "»",
        "KEY=«" + "sl." + "aB3d" * 34 + "», next",
        "a\\n«" + "sl." + "aB3d" * 34 + "»\\n",
    ),
    misses=(
        "x" + "sl." + "aB3d" * 34,
        "sl.short",
    ),
)
