"""Perplexity's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "perplexity-key",
    r"pplx-[A-Za-z0-9]{40,64}",
    prefixes=("pplx-",),
    length=69,
    hits=(
        "«" + "pplx-" + "aB3d" * 12 + "»",
        "KEY=«" + "pplx-" + "aB3d" * 12 + "», next",
        "a\\n«" + "pplx-" + "aB3d" * 12 + "»\\n",
    ),
    misses=(
        "x" + "pplx-" + "aB3d" * 12,
        "pplx-short",
    ),
)
