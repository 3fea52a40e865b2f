"""Mistral's API keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "mistral-key",
    r"[A-Za-z0-9]{32}",
    words=("mistral",),
    length=32,
    hits=(
        "MISTRAL_API_KEY=«" + "aB3d" * 8 + "»",
        "x: 1, MISTRAL_API_KEY='«" + "aB3d" * 8 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 8,
        "mistral is a service",
        "MISTRAL_API_KEY=" + "aB3d" * 8 + "-x9",
    ),
)
