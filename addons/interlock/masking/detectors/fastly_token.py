"""Fastly's API tokens, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "fastly-token",
    r"[A-Za-z0-9_\-]{32}",
    words=("fastly",),
    length=32,
    hits=(
        "FASTLY_API_TOKEN=«" + "aB3d" * 8 + "»",
        "x: 1, FASTLY_API_TOKEN='«" + "aB3d" * 8 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 8,
        "fastly is a service",
        "FASTLY_API_TOKEN=" + "aB3d" * 8 + "-x9",
    ),
)
