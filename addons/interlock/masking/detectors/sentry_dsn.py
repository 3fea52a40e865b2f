"""Sentry's DSNs: the URL holds the project's key."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="sentry-dsn",
    pattern=r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[A-Za-z0-9.\-]{1,100}(?::[0-9]{1,5})?/(?:[A-Za-z0-9_\-]{1,30}/)?[0-9]{1,20}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:/@",
    prefixes=("http://", "https://"),
    length=8 + 65 + 1 + 100 + 6 + 32 + 20 + 2,
    retry=True,
    judge=fullest,
    hits=(
        "SENTRY_DSN=«https://" + "0f9e" * 8 + "@o1.ingest.sentry.io/4501»",
        '"«https://' + "0f9e" * 8 + ":" + "0f9e" * 8 + '@sentry.example.com:9000/7»"',
    ),
    misses=("https://sentry.io/organizations/1", "https://user@sentry.io/4501", "https://example.com/" + "0f9e" * 8),
)
