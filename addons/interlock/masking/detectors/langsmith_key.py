"""LangSmith's personal and service keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "langsmith-key",
    r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}|ls__[0-9a-f]{32}",
    prefixes=("lsv2_", "ls__"),
    length=51,
    hits=(
        "«" + "lsv2_pt_" + "0f9e" * 8 + "_" + "0f9e" * 2 + "0f" + "»",
        "KEY=«" + "lsv2_pt_" + "0f9e" * 8 + "_" + "0f9e" * 2 + "0f" + "», next",
        "a\\n«" + "lsv2_pt_" + "0f9e" * 8 + "_" + "0f9e" * 2 + "0f" + "»\\n",
    ),
    misses=(
        "x" + "lsv2_pt_" + "0f9e" * 8 + "_" + "0f9e" * 2 + "0f",
        "lsv2_short",
    ),
)
