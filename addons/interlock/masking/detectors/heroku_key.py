"""Heroku's API keys of the newer form."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "heroku-key",
    r"HRKU-[A-Za-z0-9_\-]{36,64}",
    prefixes=("HRKU-",),
    length=69,
    hits=(
        "«" + "HRKU-" + "aB3d" * 15 + "»",
        "«" + "HRKU-12345678-1234-1234-1234-1234567890ab" + "»",
        "KEY=«" + "HRKU-" + "aB3d" * 15 + "», next",
        "a\\n«" + "HRKU-" + "aB3d" * 15 + "»\\n",
    ),
    misses=(
        "x" + "HRKU-" + "aB3d" * 15,
        "HRKU-short",
    ),
)
