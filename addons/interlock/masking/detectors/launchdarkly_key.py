"""LaunchDarkly's SDK, mobile and API keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "launchdarkly-key",
    r"(?:sdk|mob|api)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    prefixes=("sdk-", "mob-", "api-"),
    length=40,
    hits=(
        "«" + "sdk-12345678-1234-1234-1234-1234567890ab" + "»",
        "«" + "api-12345678-1234-1234-1234-1234567890ab" + "»",
        "KEY=«" + "sdk-12345678-1234-1234-1234-1234567890ab" + "», next",
        "a\\n«" + "sdk-12345678-1234-1234-1234-1234567890ab" + "»\\n",
    ),
    misses=(
        "x" + "sdk-12345678-1234-1234-1234-1234567890ab",
        "sdk-short",
    ),
)
