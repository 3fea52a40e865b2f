"""xAI's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "xai-key",
    r"xai-[A-Za-z0-9]{64,100}",
    prefixes=("xai-",),
    length=104,
    hits=(
        "«" + "xai-" + "aB3d" * 20 + "»",
        "KEY=«" + "xai-" + "aB3d" * 20 + "», next",
        "a\\n«" + "xai-" + "aB3d" * 20 + "»\\n",
    ),
    misses=(
        "x" + "xai-" + "aB3d" * 20,
        "xai-short",
    ),
)
