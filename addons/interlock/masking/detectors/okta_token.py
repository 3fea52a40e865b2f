"""Okta's API tokens, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "okta-token",
    r"00[A-Za-z0-9_\-]{40}",
    words=("okta", "ssws"),
    length=42,
    hits=(
        "OKTA_API_TOKEN=«" + "00" + "aB3d" * 10 + "»",
        "x: 1, OKTA_API_TOKEN='«" + "00" + "aB3d" * 10 + "»'",
    ),
    misses=(
        "checksum " + "00" + "aB3d" * 10,
        "okta is a service",
        "OKTA_API_TOKEN=" + "00" + "aB3d" * 10 + "-x9",
    ),
)
