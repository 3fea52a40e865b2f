"""Mailgun's private API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "mailgun-key",
    r"(?:pub)?key-[0-9A-Za-z]{32}",
    prefixes=("key-", "pubkey-"),
    length=39,
    hits=(
        "«" + "key-" + "0f9e" * 8 + "»",
        "KEY=«" + "key-" + "0f9e" * 8 + "», next",
        "a\\n«" + "key-" + "0f9e" * 8 + "»\\n",
    ),
    misses=(
        "x" + "key-" + "0f9e" * 8,
        "key-short",
    ),
)
