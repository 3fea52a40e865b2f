"""HubSpot's private app tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "hubspot-token",
    r"pat-(?:na|eu|ap)[0-9]-[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    prefixes=("pat-na", "pat-eu", "pat-ap"),
    length=48,
    hits=(
        "«" + "pat-na1-12345678-1234-1234-1234-1234567890ab" + "»",
        "KEY=«" + "pat-na1-12345678-1234-1234-1234-1234567890ab" + "», next",
        "a\\n«" + "pat-na1-12345678-1234-1234-1234-1234567890ab" + "»\\n",
    ),
    misses=(
        "x" + "pat-na1-12345678-1234-1234-1234-1234567890ab",
        "pat-nashort",
    ),
)
