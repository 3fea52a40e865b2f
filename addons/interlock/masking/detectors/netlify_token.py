"""Netlify's personal access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "netlify-token",
    r"nf[pkcou]_[A-Za-z0-9]{36,64}",
    prefixes=("nfp_", "nfk_", "nfc_", "nfo_", "nfu_"),
    length=68,
    hits=(
        "«" + "nfp_" + "aB3d" * 9 + "»",
        "KEY=«" + "nfp_" + "aB3d" * 9 + "», next",
        "a\\n«" + "nfp_" + "aB3d" * 9 + "»\\n",
    ),
    misses=(
        "x" + "nfp_" + "aB3d" * 9,
        "nfp_short",
    ),
)
