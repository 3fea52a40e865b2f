"""RubyGems' API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "rubygems-key",
    r"rubygems_[0-9a-f]{48}",
    prefixes=("rubygems_",),
    length=57,
    hits=(
        "«" + "rubygems_" + "0f9e" * 12 + "»",
        "KEY=«" + "rubygems_" + "0f9e" * 12 + "», next",
        "a\\n«" + "rubygems_" + "0f9e" * 12 + "»\\n",
    ),
    misses=(
        "x" + "rubygems_" + "0f9e" * 12,
        "rubygems_short",
    ),
)
