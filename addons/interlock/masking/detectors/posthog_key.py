"""PostHog's personal and project keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "posthog-key",
    r"phx_[A-Za-z0-9]{40,60}",
    prefixes=("phx_",),
    length=64,
    hits=(
        "«" + "phx_" + "aB3d" * 11 + "»",
        "KEY=«" + "phx_" + "aB3d" * 11 + "», next",
        "a\\n«" + "phx_" + "aB3d" * 11 + "»\\n",
    ),
    misses=(
        "x" + "phx_" + "aB3d" * 11,
        "phx_short",
    ),
)
