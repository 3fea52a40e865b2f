"""Vercel's older tokens, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "vercel-legacy-token",
    r"[A-Za-z0-9]{24}",
    words=("vercel token", "vercel api", "vercel access", "vercel auth"),
    length=24,
    hits=(
        "VERCEL_TOKEN=«" + "aB3d" * 6 + "»",
        "x: 1, VERCEL_TOKEN='«" + "aB3d" * 6 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 6,
        "vercel token is a service",
        "VERCEL_TOKEN=" + "aB3d" * 6 + "-x9",
    ),
)
