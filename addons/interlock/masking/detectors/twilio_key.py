"""Twilio's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "twilio-key",
    r"SK[0-9a-f]{32}",
    prefixes=("SK",),
    needs=r"SK[0-9a-f]{8}",
    length=34,
    hits=(
        "«" + "SK" + "0f9e" * 8 + "»",
        "KEY=«" + "SK" + "0f9e" * 8 + "», next",
        "a\\n«" + "SK" + "0f9e" * 8 + "»\\n",
    ),
    misses=(
        "x" + "SK" + "0f9e" * 8,
        "SKshort",
    ),
)
