"""LinkedIn's client secrets, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "linkedin-secret",
    r"[A-Za-z0-9]{16}|WPL_AP1\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/]{6}==",
    words=("linkedin client secret", "linkedin secret"),
    length=40,
    more=".+/=",
    hits=(
        "LINKEDIN_CLIENT_SECRET=«" + "aB3d" * 4 + "»",
        "x: 1, LINKEDIN_CLIENT_SECRET='«" + "aB3d" * 4 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 4,
        "linkedin client secret is a service",
        "LINKEDIN_CLIENT_SECRET=" + "aB3d" * 4 + "-x9",
    ),
)
