"""Client secrets of Microsoft Entra ID."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="azure-ad-secret",
    pattern=r"[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}",
    needs="[0-9]Q~",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~.-",
    length=40 + 2,
    retry=True,
    judge=fullest,
    hits=("AZURE_CLIENT_SECRET=«abC8Q~" + "aB3d" * 8 + "xY»", '"«.a_8Q~' + "aB3-" * 7 + 'xYz»"'),
    misses=("abC8Q~short", "8Q~" + "aB3d" * 8),
)
