"""Plaid's access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "plaid-token",
    r"access-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    prefixes=("access-sandbox-", "access-development-", "access-production-"),
    length=56,
    hits=(
        "«" + "access-sandbox-12345678-1234-1234-1234-1234567890ab" + "»",
        "KEY=«" + "access-sandbox-12345678-1234-1234-1234-1234567890ab" + "», next",
        "a\\n«" + "access-sandbox-12345678-1234-1234-1234-1234567890ab" + "»\\n",
    ),
    misses=(
        "x" + "access-sandbox-12345678-1234-1234-1234-1234567890ab",
        "access-sandbox-short",
    ),
)
