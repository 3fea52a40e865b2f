"""Bearer tokens of X's older API."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "twitter-bearer",
    r"AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{60,100}",
    prefixes=("AAAAAAAAAAAAAAAAAAAAA",),
    length=130,
    more="%",
    hits=(
        "«" + "AAAAAAAAAAAAAAAAAAAAA" + "aB3d" * 20 + "»",
        "KEY=«" + "AAAAAAAAAAAAAAAAAAAAA" + "aB3d" * 20 + "», next",
        "a\\n«" + "AAAAAAAAAAAAAAAAAAAAA" + "aB3d" * 20 + "»\\n",
    ),
    misses=(
        "x" + "AAAAAAAAAAAAAAAAAAAAA" + "aB3d" * 20,
        "AAAAAAAAAAAAAAAAAAAAAshort",
    ),
)
