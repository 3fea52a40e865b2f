"""Tencent Cloud's secret ids."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "tencent-key",
    r"AKID[A-Za-z0-9]{32}",
    prefixes=("AKID",),
    length=36,
    hits=(
        "«" + "AKID" + "aB3d" * 8 + "»",
        "KEY=«" + "AKID" + "aB3d" * 8 + "», next",
        "a\\n«" + "AKID" + "aB3d" * 8 + "»\\n",
    ),
    misses=(
        "x" + "AKID" + "aB3d" * 8,
        "AKIDshort",
    ),
)
