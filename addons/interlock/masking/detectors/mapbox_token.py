"""Mapbox's secret tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "mapbox-token",
    r"sk\.eyJ[A-Za-z0-9_\-]{40,200}\.[A-Za-z0-9_\-]{20,24}",
    prefixes=("sk.eyJ",),
    length=235,
    more=".",
    hits=(
        "«" + "sk.eyJ" + "aB3d" * 15 + "." + "aB3d" * 5 + "xY" + "»",
        "KEY=«" + "sk.eyJ" + "aB3d" * 15 + "." + "aB3d" * 5 + "xY" + "», next",
        "a\\n«" + "sk.eyJ" + "aB3d" * 15 + "." + "aB3d" * 5 + "xY" + "»\\n",
    ),
    misses=(
        "x" + "sk.eyJ" + "aB3d" * 15 + "." + "aB3d" * 5 + "xY",
        "sk.eyJshort",
    ),
)
