"""Alibaba Cloud's access key ids."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "alibaba-key",
    r"LTAI[A-Za-z0-9]{16,22}",
    prefixes=("LTAI",),
    length=26,
    hits=(
        "«" + "LTAI5t" + "aB3d" * 4 + "»",
        "«" + "LTAI" + "aB3d" * 4 + "»",
        "KEY=«" + "LTAI5t" + "aB3d" * 4 + "», next",
        "a\\n«" + "LTAI5t" + "aB3d" * 4 + "»\\n",
    ),
    misses=(
        "x" + "LTAI5t" + "aB3d" * 4,
        "LTAIshort",
    ),
)
