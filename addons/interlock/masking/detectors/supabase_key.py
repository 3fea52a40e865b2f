"""Supabase's access tokens and secret keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "supabase-key",
    r"sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_\-]{20,80}",
    prefixes=("sbp_", "sb_secret_"),
    length=90,
    hits=(
        "«" + "sbp_" + "0f9e" * 10 + "»",
        "«" + "sb_secret_" + "aB3d" * 8 + "»",
        "KEY=«" + "sbp_" + "0f9e" * 10 + "», next",
        "a\\n«" + "sbp_" + "0f9e" * 10 + "»\\n",
    ),
    misses=(
        "x" + "sbp_" + "0f9e" * 10,
        "sbp_short",
    ),
)
