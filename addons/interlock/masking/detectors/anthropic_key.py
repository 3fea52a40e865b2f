"""Anthropic's API and OAuth keys."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="anthropic-key",
    pattern=r"sk-ant-[A-Za-z0-9_\-]{20,}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    prefixes=("sk-ant-",),
    judge=fullest,
    hits=(
        "a\\n«sk-ant-api03-" + "aB3_" * 8 + "»\\n",
        "key «sk-ant-api03-" + "aB3_" * 8 + "»",
        "«sk-ant-oat01-" + "x9Y-" * 9 + "», next",
    ),
    misses=("sk-ant-short", "task-ant-" + "aB3_" * 8),
)
