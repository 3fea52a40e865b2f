"""Algolia's admin keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "algolia-key",
    r"[0-9a-f]{32}",
    words=("algolia",),
    length=32,
    hits=(
        "ALGOLIA_ADMIN_KEY=«" + "0f9e" * 8 + "»",
        "x: 1, ALGOLIA_ADMIN_KEY='«" + "0f9e" * 8 + "»'",
    ),
    misses=(
        "checksum " + "0f9e" * 8,
        "algolia is a service",
        "ALGOLIA_ADMIN_KEY=" + "0f9e" * 8 + "-x9",
    ),
)
