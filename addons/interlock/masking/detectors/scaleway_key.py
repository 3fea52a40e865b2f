"""Scaleway's access keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "scaleway-key",
    r"SCW[A-Z0-9]{17}",
    prefixes=("SCW",),
    length=20,
    hits=(
        "«" + "SCW" + "A7QX" * 4 + "A" + "»",
        "KEY=«" + "SCW" + "A7QX" * 4 + "A" + "», next",
        "a\\n«" + "SCW" + "A7QX" * 4 + "A" + "»\\n",
    ),
    misses=(
        "x" + "SCW" + "A7QX" * 4 + "A",
        "SCWshort",
    ),
)
