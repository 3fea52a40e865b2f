"""Signatures of Azure's shared access URLs: without them the URL opens nothing."""

from __future__ import annotations

from interlock.masking.detector import Detector

__all__ = ["PART"]

PART = Detector(
    name="azure-sas",
    pattern=r"[?&;]sig=([A-Za-z0-9%+/]{43,75}(?:%3[dD]|=){1,2})",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=%?&;",
    prefixes=("?sig=", "&sig=", ";sig="),
    length=5 + 75 + 6 + 2,
    hits=(
        "https://x.blob.core.windows.net/c?sv=2022-11-02&sig=«" + "aB3d" * 10 + "aB3%3D»&se=2030",
        "?sig=«" + "aB3d" * 10 + "a%2F=»",
    ),
    misses=("?sig=short%3D", "&signature=" + "aB3d" * 12, "sig=" + "aB3d" * 11),
)
