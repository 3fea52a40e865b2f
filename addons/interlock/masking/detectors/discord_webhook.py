"""Discord's webhooks: the URL is the secret."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "discord-webhook",
    r"https://(?:ptb\.|canary\.)?discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{15,20}/[A-Za-z0-9_\-]{60,80}",
    prefixes=("https://discord", "https://ptb.discord", "https://canary.discord"),
    length=160,
    more=":/.",
    hits=(
        "«" + "https://discord.com/api/webhooks/123456789012345678/" + "aB3d" * 17 + "»",
        "KEY=«" + "https://discord.com/api/webhooks/123456789012345678/" + "aB3d" * 17 + "», next",
        "a\\n«" + "https://discord.com/api/webhooks/123456789012345678/" + "aB3d" * 17 + "»\\n",
    ),
    misses=(
        "x" + "https://discord.com/api/webhooks/123456789012345678/" + "aB3d" * 17,
        "https://discordshort",
    ),
)
