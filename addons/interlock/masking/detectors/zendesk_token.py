"""Zendesk's API tokens, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "zendesk-token",
    r"[A-Za-z0-9]{40}",
    words=("zendesk",),
    length=40,
    hits=(
        "ZENDESK_API_TOKEN=«" + "aB3d" * 10 + "»",
        "x: 1, ZENDESK_API_TOKEN='«" + "aB3d" * 10 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 10,
        "zendesk is a service",
        "ZENDESK_API_TOKEN=" + "aB3d" * 10 + "-x9",
    ),
)
