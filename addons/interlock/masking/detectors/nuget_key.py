"""API keys of nuget.org."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "nuget-key",
    r"oy2[a-z0-9]{43}",
    prefixes=("oy2",),
    length=46,
    hits=(
        "«" + "oy2" + "b3k9" * 10 + "b3k" + "»",
        "KEY=«" + "oy2" + "b3k9" * 10 + "b3k" + "», next",
        "a\\n«" + "oy2" + "b3k9" * 10 + "b3k" + "»\\n",
    ),
    misses=(
        "x" + "oy2" + "b3k9" * 10 + "b3k",
        "oy2short",
    ),
)
