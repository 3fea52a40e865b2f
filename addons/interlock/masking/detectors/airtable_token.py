"""Airtable's personal access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "airtable-token",
    r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}",
    prefixes=("pat",),
    needs=r"pat[A-Za-z0-9]{14}\.",
    length=82,
    more=".",
    hits=(
        "«" + "pat" + "aB3d" * 3 + "xY." + "0f9e" * 16 + "»",
        "KEY=«" + "pat" + "aB3d" * 3 + "xY." + "0f9e" * 16 + "», next",
        "a\\n«" + "pat" + "aB3d" * 3 + "xY." + "0f9e" * 16 + "»\\n",
    ),
    misses=(
        "x" + "pat" + "aB3d" * 3 + "xY." + "0f9e" * 16,
        "patshort",
    ),
)
