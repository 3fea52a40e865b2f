"""Vercel's tokens that have a prefix."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "vercel-token",
    r"vc[pkiar]_[A-Za-z0-9]{24,80}|vercel_[A-Za-z0-9]{24}",
    prefixes=("vcp_", "vck_", "vci_", "vca_", "vcr_", "vercel_"),
    length=84,
    hits=(
        "«" + "vcp_" + "aB3d" * 14 + "»",
        "«" + "vck_" + "aB3d" * 12 + "»",
        "KEY=«" + "vcp_" + "aB3d" * 14 + "», next",
        "a\\n«" + "vcp_" + "aB3d" * 14 + "»\\n",
    ),
    misses=(
        "x" + "vcp_" + "aB3d" * 14,
        "vcp_short",
    ),
)
