"""Datadog's API and application keys, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "datadog-key",
    r"[0-9a-f]{32}|[0-9a-f]{40}|dd(?:app|pat)_[A-Za-z0-9]{34,60}",
    words=("datadog", "dd api key", "dd app key", "dd application key"),
    length=70,
    hits=(
        "DD_API_KEY=«" + "0f9e" * 8 + "»",
        "x: 1, DD_API_KEY='«" + "0f9e" * 8 + "»'",
    ),
    misses=(
        "checksum " + "0f9e" * 8,
        "datadog is a service",
        "DD_API_KEY=" + "0f9e" * 8 + "-x9",
    ),
)
