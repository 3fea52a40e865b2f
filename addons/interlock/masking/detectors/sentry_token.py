"""Sentry's organisation and user tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "sentry-token",
    r"sntrys_[A-Za-z0-9_\-+/=]{60,}|sntry[ua]_[0-9a-f]{64}",
    prefixes=("sntrys_", "sntryu_", "sntrya_"),
    length=0,
    more="+/=",
    hits=(
        "«" + "sntrys_" + "aB3d" * 20 + "»",
        "«" + "sntryu_" + "0f9e" * 16 + "»",
        "KEY=«" + "sntrys_" + "aB3d" * 20 + "», next",
        "a\\n«" + "sntrys_" + "aB3d" * 20 + "»\\n",
    ),
    misses=(
        "x" + "sntrys_" + "aB3d" * 20,
        "sntrys_short",
    ),
)
