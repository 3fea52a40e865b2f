"""Fly.io's access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "fly-token",
    r"fo1_[A-Za-z0-9_\-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,}={0,3}",
    prefixes=("fo1_", "fm1_", "fm2_", "fm1a_", "fm1r_", "fm2a_", "fm2r_"),
    length=0,
    more="+/=",
    hits=(
        "«" + "fo1_" + "aB3d" * 10 + "xYz" + "»",
        "«" + "fm2_" + "aB3d" * 30 + "»",
        "KEY=«" + "fo1_" + "aB3d" * 10 + "xYz" + "», next",
        "a\\n«" + "fo1_" + "aB3d" * 10 + "xYz" + "»\\n",
    ),
    misses=(
        "x" + "fo1_" + "aB3d" * 10 + "xYz",
        "fo1_short",
    ),
)
