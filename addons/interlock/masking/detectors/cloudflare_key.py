"""Cloudflare's API tokens and global keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "cloudflare-key",
    r"[A-Za-z0-9_\-]{40}|[0-9a-f]{37}",
    words=("cloudflare", "cf api", "x-auth-key"),
    length=40,
    hits=(
        "CLOUDFLARE_API_TOKEN: «" + "aB3d" * 10 + "»",
        "x: 1, CLOUDFLARE_API_TOKEN: '«" + "aB3d" * 10 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 10,
        "cloudflare is a service",
        "CLOUDFLARE_API_TOKEN: " + "aB3d" * 10 + "-x9",
    ),
)
