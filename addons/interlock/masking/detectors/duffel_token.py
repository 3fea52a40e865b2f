"""Duffel's access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "duffel-token",
    r"duffel_(?:test|live)_[A-Za-z0-9_\-=]{43}",
    prefixes=("duffel_",),
    length=55,
    more="=",
    hits=(
        "«" + "duffel_test_" + "aB3d" * 10 + "xYz" + "»",
        "KEY=«" + "duffel_test_" + "aB3d" * 10 + "xYz" + "», next",
        "a\\n«" + "duffel_test_" + "aB3d" * 10 + "xYz" + "»\\n",
    ),
    misses=(
        "x" + "duffel_test_" + "aB3d" * 10 + "xYz",
        "duffel_short",
    ),
)
