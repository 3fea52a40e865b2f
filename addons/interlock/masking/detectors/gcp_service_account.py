"""Key ids in the JSON files of Google Cloud's service accounts; the key itself is a private-key."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "gcp-service-account",
    r"[0-9a-f]{40}",
    words=("private key id",),
    length=40,
    hits=(
        "private_key_id: «" + "0f9e" * 10 + "»",
        "x: 1, private_key_id: '«" + "0f9e" * 10 + "»'",
    ),
    misses=(
        "checksum " + "0f9e" * 10,
        "private key id is a service",
        "private_key_id: " + "0f9e" * 10 + "-x9",
    ),
)
