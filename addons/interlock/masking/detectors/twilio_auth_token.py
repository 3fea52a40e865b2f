"""Twilio's auth tokens, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "twilio-auth-token",
    r"[0-9a-f]{32}",
    words=("twilio",),
    length=32,
    hits=(
        "TWILIO_AUTH_TOKEN=«" + "0f9e" * 8 + "»",
        "x: 1, TWILIO_AUTH_TOKEN='«" + "0f9e" * 8 + "»'",
    ),
    misses=(
        "checksum " + "0f9e" * 8,
        "twilio is a service",
        "TWILIO_AUTH_TOKEN=" + "0f9e" * 8 + "-x9",
    ),
)
