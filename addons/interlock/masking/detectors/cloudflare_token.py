"""Cloudflare's tokens that have a prefix, and Origin CA keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "cloudflare-token",
    r"cf(?:ut|at|k)_[A-Za-z0-9]{40,64}|v1\.0-[0-9a-f]{24}-[0-9a-f]{146}",
    prefixes=("cfut_", "cfat_", "cfk_", "v1.0-"),
    length=176,
    more=".",
    hits=(
        "«" + "cfut_" + "aB3d" * 12 + "»",
        "«" + "v1.0-" + "0f9e" * 6 + "-" + "0f9e" * 36 + "0f" + "»",
        "KEY=«" + "cfut_" + "aB3d" * 12 + "», next",
        "a\\n«" + "cfut_" + "aB3d" * 12 + "»\\n",
    ),
    misses=(
        "x" + "cfut_" + "aB3d" * 12,
        "cfut_short",
    ),
)
