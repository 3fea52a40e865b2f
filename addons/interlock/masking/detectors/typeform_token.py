"""Typeform's personal access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "typeform-token",
    r"tfp_[A-Za-z0-9_\-]{40,59}",
    prefixes=("tfp_",),
    length=63,
    hits=(
        "«" + "tfp_" + "aB3d" * 11 + "»",
        "KEY=«" + "tfp_" + "aB3d" * 11 + "», next",
        "a\\n«" + "tfp_" + "aB3d" * 11 + "»\\n",
    ),
    misses=(
        "x" + "tfp_" + "aB3d" * 11,
        "tfp_short",
    ),
)
