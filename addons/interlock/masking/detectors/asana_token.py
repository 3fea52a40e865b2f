"""Asana's personal access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "asana-token",
    r"[12]/[0-9]{16}(?:/[0-9]{16})?:[0-9a-f]{32}",
    prefixes=("1/", "2/"),
    length=70,
    more="/:",
    hits=(
        "«" + "1/1234567890123456:" + "0f9e" * 8 + "»",
        "KEY=«" + "1/1234567890123456:" + "0f9e" * 8 + "», next",
        "a\\n«" + "1/1234567890123456:" + "0f9e" * 8 + "»\\n",
    ),
    misses=(
        "x" + "1/1234567890123456:" + "0f9e" * 8,
        "1/short",
    ),
)
