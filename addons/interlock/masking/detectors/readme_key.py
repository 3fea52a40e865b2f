"""API keys of readme.com."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "readme-key",
    r"rdme_[a-z0-9]{70}",
    prefixes=("rdme_",),
    length=75,
    hits=(
        "«" + "rdme_" + "b3k9" * 17 + "b3" + "»",
        "KEY=«" + "rdme_" + "b3k9" * 17 + "b3" + "», next",
        "a\\n«" + "rdme_" + "b3k9" * 17 + "b3" + "»\\n",
    ),
    misses=(
        "x" + "rdme_" + "b3k9" * 17 + "b3",
        "rdme_short",
    ),
)
