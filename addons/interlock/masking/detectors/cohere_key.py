"""Cohere's API keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "cohere-key",
    r"[A-Za-z0-9]{40}",
    words=("cohere", "co api key"),
    length=40,
    hits=(
        "COHERE_API_KEY=«" + "aB3d" * 10 + "»",
        "x: 1, COHERE_API_KEY='«" + "aB3d" * 10 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 10,
        "cohere is a service",
        "COHERE_API_KEY=" + "aB3d" * 10 + "-x9",
    ),
)
