"""Heroku's older API keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "heroku-api-key",
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    words=("heroku api key", "heroku key", "heroku token", "heroku auth"),
    length=36,
    hits=(
        "HEROKU_API_KEY=«" + "12345678-1234-1234-1234-1234567890ab" + "»",
        "x: 1, HEROKU_API_KEY='«" + "12345678-1234-1234-1234-1234567890ab" + "»'",
    ),
    misses=(
        "checksum " + "12345678-1234-1234-1234-1234567890ab",
        "heroku api key is a service",
        "HEROKU_API_KEY=" + "12345678-1234-1234-1234-1234567890ab" + "-x9",
    ),
)
