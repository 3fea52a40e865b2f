"""Google's API keys."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="google-api-key",
    pattern=r"AIza[0-9A-Za-z_\-]{35}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    length=41,
    prefixes=("AIza",),
    retry=True,
    judge=fullest,
    hits=("key=«AIza" + "Sy0-_" * 7 + "»&q=1", "«AIza" + "abcde" * 7 + "»"),
    misses=("AIza" + "abcde" * 6, "xAIza" + "abcde" * 7),
)
