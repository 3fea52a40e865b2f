"""Postman's API and collection keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "postman-key",
    r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}|PMAT-[0-9A-Z]{26}",
    prefixes=("PMAK-", "PMAT-"),
    length=64,
    hits=(
        "«" + "PMAK-" + "0f9e" * 6 + "-" + "0f9e" * 8 + "0f" + "»",
        "«" + "PMAT-" + "A7QX" * 6 + "A7" + "»",
        "KEY=«" + "PMAK-" + "0f9e" * 6 + "-" + "0f9e" * 8 + "0f" + "», next",
        "a\\n«" + "PMAK-" + "0f9e" * 6 + "-" + "0f9e" * 8 + "0f" + "»\\n",
    ),
    misses=(
        "x" + "PMAK-" + "0f9e" * 6 + "-" + "0f9e" * 8 + "0f",
        "PMAK-short",
    ),
)
