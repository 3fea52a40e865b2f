"""Contentful's personal access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "contentful-token",
    r"CFPAT-[A-Za-z0-9_\-]{43}",
    prefixes=("CFPAT-",),
    length=49,
    hits=(
        "«" + "CFPAT-" + "aB3d" * 10 + "xYz" + "»",
        "KEY=«" + "CFPAT-" + "aB3d" * 10 + "xYz" + "», next",
        "a\\n«" + "CFPAT-" + "aB3d" * 10 + "xYz" + "»\\n",
    ),
    misses=(
        "x" + "CFPAT-" + "aB3d" * 10 + "xYz",
        "CFPAT-short",
    ),
)
