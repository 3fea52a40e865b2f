"""Groq's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "groq-key",
    r"gsk_[A-Za-z0-9]{48,64}",
    prefixes=("gsk_",),
    length=68,
    hits=(
        "«" + "gsk_" + "aB3d" * 13 + "»",
        "KEY=«" + "gsk_" + "aB3d" * 13 + "», next",
        "a\\n«" + "gsk_" + "aB3d" * 13 + "»\\n",
    ),
    misses=(
        "x" + "gsk_" + "aB3d" * 13,
        "gsk_short",
    ),
)
