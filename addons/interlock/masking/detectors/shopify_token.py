"""Shopify's access tokens and shared secrets."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "shopify-token",
    r"shp(?:at|ca|pa|ss|tka|ua|rs)_[A-Za-z0-9]{32}",
    prefixes=("shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shpua_", "shprs_"),
    length=39,
    hits=(
        "«" + "shpat_" + "0f9e" * 8 + "»",
        "«" + "shpss_" + "0f9e" * 8 + "»",
        "KEY=«" + "shpat_" + "0f9e" * 8 + "», next",
        "a\\n«" + "shpat_" + "0f9e" * 8 + "»\\n",
    ),
    misses=(
        "x" + "shpat_" + "0f9e" * 8,
        "shpat_short",
    ),
)
