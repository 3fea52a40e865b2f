"""Databricks' personal access tokens and OAuth secrets."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "databricks-token",
    r"dapi[0-9a-z]{32}(?:-[0-9])?|dose[0-9a-f]{32}",
    prefixes=("dapi", "dose"),
    length=38,
    hits=(
        "«" + "dapi" + "0f9e" * 8 + "»",
        "«" + "dapi" + "0f9e" * 8 + "-3" + "»",
        "KEY=«" + "dapi" + "0f9e" * 8 + "», next",
        "a\\n«" + "dapi" + "0f9e" * 8 + "»\\n",
    ),
    misses=(
        "x" + "dapi" + "0f9e" * 8,
        "dapishort",
    ),
)
