"""Coinbase's API secrets, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "coinbase-secret",
    r"[A-Za-z0-9]{32,64}",
    words=("coinbase",),
    length=64,
    hits=(
        "COINBASE_API_SECRET=«" + "aB3d" * 8 + "»",
        "x: 1, COINBASE_API_SECRET='«" + "aB3d" * 8 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 8,
        "coinbase is a service",
        "COINBASE_API_SECRET=" + "aB3d" * 8 + "-x9",
    ),
)
