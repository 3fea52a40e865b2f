"""Pinecone's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "pinecone-key",
    r"pcsk_[A-Za-z0-9_]{55,80}",
    prefixes=("pcsk_",),
    length=85,
    hits=(
        "«" + "pcsk_" + "aB3d" * 1 + "x_" + "aB3d" * 15 + "»",
        "KEY=«" + "pcsk_" + "aB3d" * 1 + "x_" + "aB3d" * 15 + "», next",
        "a\\n«" + "pcsk_" + "aB3d" * 1 + "x_" + "aB3d" * 15 + "»\\n",
    ),
    misses=(
        "x" + "pcsk_" + "aB3d" * 1 + "x_" + "aB3d" * 15,
        "pcsk_short",
    ),
)
