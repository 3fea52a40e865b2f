"""Resend's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "resend-key",
    r"re_(?:[A-Za-z0-9]{8,9}_[A-Za-z0-9]{20,32}|[A-Za-z0-9]{32})",
    prefixes=("re_",),
    length=45,
    hits=(
        "«" + "re_" + "aB3d" * 2 + "_" + "aB3d" * 6 + "»",
        "KEY=«" + "re_" + "aB3d" * 2 + "_" + "aB3d" * 6 + "», next",
        "a\\n«" + "re_" + "aB3d" * 2 + "_" + "aB3d" * 6 + "»\\n",
    ),
    misses=(
        "x" + "re_" + "aB3d" * 2 + "_" + "aB3d" * 6,
        "re_short",
    ),
)
