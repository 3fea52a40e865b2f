"""Prefect's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "prefect-key",
    r"pn[ub]_[a-zA-Z0-9]{36}",
    prefixes=("pnu_", "pnb_"),
    length=40,
    hits=(
        "«" + "pnu_" + "b3k9" * 9 + "»",
        "KEY=«" + "pnu_" + "b3k9" * 9 + "», next",
        "a\\n«" + "pnu_" + "b3k9" * 9 + "»\\n",
    ),
    misses=(
        "x" + "pnu_" + "b3k9" * 9,
        "pnu_short",
    ),
)
