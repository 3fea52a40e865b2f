"""JSON Web Tokens (RFC 7519) and their kin: a base64url JSON object, then one or more dotted parts."""

from __future__ import annotations

from interlock.masking.detector import Detector

__all__ = ["PART"]


PART = Detector(
    name="jwt",
    pattern=r"eyJ[A-Za-z0-9_\-]{5,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]+){0,3}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.",
    prefixes=("eyJ",),
    hits=(
        "Bearer «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJlcmlrYSJ9.c2lnbmF0dXJlLW9mLXRlc3Q».",
        "«eyJhbGciOiJub25lIn0.eyJzdWIiOiJlcmlrYSJ9»",
        "token=«eyJhbGciOiJSU0EtT0FFUCJ9.a2V5a2V5a2V5.aXZpdg.Y2lwaGVy.dGFnMTIz»&x=1",
    ),
    misses=("eyJhbGciOiJIUzI1NiJ9", "eyJ.eyJ.x", "heyJude.mp3"),
)
