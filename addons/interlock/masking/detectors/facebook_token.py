"""Access tokens of Facebook's and Instagram's Graph API."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "facebook-token",
    r"EAA[A-Z][A-Za-z0-9]{80,}|IGQV[A-Za-z0-9_\-]{80,}",
    prefixes=("EAA", "IGQV"),
    length=0,
    hits=("«EAAB" + "aB3d" * 25 + "»", "token=«IGQV" + "aB3d" * 25 + "»&x"),
    misses=("EAAB short", "xEAAB" + "aB3d" * 25),
)
