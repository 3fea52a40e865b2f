"""Snowflake's programmatic access tokens and passwords, by the words before them."""

from __future__ import annotations

from interlock.masking.detectors._keys import named_key

__all__ = ["PART"]

PART = named_key(
    "snowflake-token",
    r"[A-Za-z0-9_\-]{24,200}",
    words=("snowflake token", "snowflake password", "snowflake pat", "snowflake private key passphrase"),
    length=200,
    hits=(
        "SNOWFLAKE_PASSWORD=«" + "aB3d" * 8 + "»",
        "x: 1, SNOWFLAKE_PASSWORD='«" + "aB3d" * 8 + "»'",
    ),
    misses=(
        "checksum " + "aB3d" * 8,
        "snowflake token is a service",
        "SNOWFLAKE_PASSWORD=" + "aB3d" * 8 + "/x9",
    ),
)
