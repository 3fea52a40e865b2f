"""ElevenLabs' API keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "elevenlabs-key",
    r"(?:sk_)?[0-9a-f]{32,48}",
    words=("elevenlabs", "xi api key", "eleven labs"),
    length=51,
    hits=(
        "ELEVENLABS_API_KEY=«" + "0f9e" * 8 + "»",
        "x: 1, ELEVENLABS_API_KEY='«" + "0f9e" * 8 + "»'",
    ),
    misses=(
        "checksum " + "0f9e" * 8,
        "elevenlabs is a service",
        "ELEVENLABS_API_KEY=" + "0f9e" * 8 + "-x9",
    ),
)
