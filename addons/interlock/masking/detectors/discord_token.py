"""Discord's bot tokens: the bot's number, a time and a signature, in base64url."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="discord-token",
    pattern=r"[MNO][A-Za-z0-9]{23,27}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,40}",
    needs=r"[A-Za-z0-9]\.[A-Za-z0-9_\-]{6}\.",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.",
    begins="MNO",
    length=28 + 1 + 6 + 1 + 40 + 2,
    retry=True,
    judge=fullest,
    hits=(
        "bot «MTIz" + "aB3d" * 5 + ".GxYz12." + "aB3_" * 9 + "xY», next",
        "«NTIz" + "aB3d" * 5 + ".Xa_b-1." + "aB3-" * 7 + "»",
    ),
    misses=("MTIz.GxYz12.short", "xMTIz" + "aB3d" * 5 + ".GxYz12." + "aB3_" * 9),
)
