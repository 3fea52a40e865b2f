"""Credentials after Bearer, Basic and the like, as HTTP writes them (RFC 9110, section 11)."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    digits, letters = sum(48 <= byte <= 57 for byte in value), {byte for byte in value if byte > 64}
    # What stands behind "Basic" in prose is a word.
    mixed = digits > 0 or (any(byte > 96 for byte in letters) and sum(64 < byte < 91 for byte in value) > 1)
    return [(start, end, "high")] if mixed and len(set(value)) >= 4 else []


PART = Detector(
    name="http-authorization",
    pattern=r"(?:[Bb]earer|[Bb]asic|BEARER|BASIC|[Tt]oken|ApiKey|SSWS)(?: {1,2}|%20|\+)([A-Za-z0-9._~+/\-]{16,}={0,2})",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~+/-= %",
    prefixes=tuple(
        word + gap
        for word in ("Bearer", "bearer", "BEARER", "Basic", "basic", "BASIC", "Token", "token", "ApiKey", "SSWS")
        for gap in (" ", "%20", "+")
    ),
    judge=_judge,
    hits=(
        "Authorization: Bearer «" + "aB3d" * 8 + "»",
        "curl -H 'authorization: Basic «ZXJpa2E6aHVudGVyMg==»' x",
        "Authorization: token «" + "0f9e" * 10 + "»",
    ),
    misses=(
        "Bearer tokens are explained here",
        "basic understanding-of-things",
        "Bearer $TOKEN, Bearer <token>",
        "Basic internationalisation",
    ),
)
