"""DeepSeek's API keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "deepseek-key",
    r"sk-[0-9a-f]{32}",
    words=("deepseek", "dashscope", "moonshot"),
    length=35,
    hits=(
        "DEEPSEEK_API_KEY=«" + "sk-" + "0f9e" * 8 + "»",
        "x: 1, DEEPSEEK_API_KEY='«" + "sk-" + "0f9e" * 8 + "»'",
    ),
    misses=(
        "checksum " + "sk-" + "0f9e" * 8,
        "deepseek is a service",
        "DEEPSEEK_API_KEY=" + "sk-" + "0f9e" * 8 + "-x9",
    ),
)
