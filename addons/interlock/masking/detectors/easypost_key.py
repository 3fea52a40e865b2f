"""EasyPost's keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "easypost-key",
    r"EZ[AT]K[A-Za-z0-9]{54}",
    prefixes=("EZAK", "EZTK"),
    length=58,
    hits=(
        "«" + "EZAK" + "aB3d" * 13 + "xY" + "»",
        "KEY=«" + "EZAK" + "aB3d" * 13 + "xY" + "», next",
        "a\\n«" + "EZAK" + "aB3d" * 13 + "xY" + "»\\n",
    ),
    misses=(
        "x" + "EZAK" + "aB3d" * 13 + "xY",
        "EZAKshort",
    ),
)
