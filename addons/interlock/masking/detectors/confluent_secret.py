"""Confluent Cloud's API secrets, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "confluent-secret",
    r"cflt[A-Za-z0-9/+]{60}|[A-Za-z0-9/+]{64}",
    words=("confluent",),
    length=64,
    more="/+",
    hits=(
        "CONFLUENT_API_SECRET=«" + "aB3d" * 16 + "»",
        "x: 1, CONFLUENT_API_SECRET='«" + "aB3d" * 16 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 16,
        "confluent is a service",
        "CONFLUENT_API_SECRET=" + "aB3d" * 16 + "-x9",
    ),
)
