"""DigitalOcean's personal, OAuth and refresh tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "digitalocean-token",
    r"do[opr]_v1_[0-9a-f]{64}",
    prefixes=("doo_v1_", "dop_v1_", "dor_v1_"),
    length=71,
    hits=(
        "«" + "dop_v1_" + "0f9e" * 16 + "»",
        "«" + "doo_v1_" + "0f9e" * 16 + "»",
        "KEY=«" + "dop_v1_" + "0f9e" * 16 + "», next",
        "a\\n«" + "dop_v1_" + "0f9e" * 16 + "»\\n",
    ),
    misses=(
        "x" + "dop_v1_" + "0f9e" * 16,
        "doo_v1_short",
    ),
)
