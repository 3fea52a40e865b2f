"""OpenRouter's API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "openrouter-key",
    r"sk-or-v1-[0-9a-f]{64}",
    prefixes=("sk-or-v1-",),
    length=73,
    hits=(
        "«" + "sk-or-v1-" + "0f9e" * 16 + "»",
        "KEY=«" + "sk-or-v1-" + "0f9e" * 16 + "», next",
        "a\\n«" + "sk-or-v1-" + "0f9e" * 16 + "»\\n",
    ),
    misses=(
        "x" + "sk-or-v1-" + "0f9e" * 16,
        "sk-or-v1-short",
    ),
)
