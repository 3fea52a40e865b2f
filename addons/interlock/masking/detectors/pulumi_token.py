"""Pulumi's access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "pulumi-token",
    r"pul-[0-9a-f]{40}",
    prefixes=("pul-",),
    length=44,
    hits=(
        "«" + "pul-" + "0f9e" * 10 + "»",
        "KEY=«" + "pul-" + "0f9e" * 10 + "», next",
        "a\\n«" + "pul-" + "0f9e" * 10 + "»\\n",
    ),
    misses=(
        "x" + "pul-" + "0f9e" * 10,
        "pul-short",
    ),
)
