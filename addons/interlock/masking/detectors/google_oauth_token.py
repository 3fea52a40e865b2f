"""Google's OAuth access and refresh tokens, and client secrets."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "google-oauth-token",
    r"ya29\.[A-Za-z0-9_\-]{20,}|1//0[A-Za-z0-9_\-]{40,}|GOCSPX-[A-Za-z0-9_\-]{28}",
    prefixes=("ya29.", "1//0", "GOCSPX-"),
    length=0,
    more="./",
    hits=(
        "«" + "ya29." + "aB3d" * 10 + "»",
        "«" + "1//0" + "aB3d" * 12 + "»",
        "«" + "GOCSPX-" + "aB3d" * 7 + "»",
        "KEY=«" + "ya29." + "aB3d" * 10 + "», next",
        "a\\n«" + "ya29." + "aB3d" * 10 + "»\\n",
    ),
    misses=(
        "x" + "ya29." + "aB3d" * 10,
        "ya29.short",
    ),
)
