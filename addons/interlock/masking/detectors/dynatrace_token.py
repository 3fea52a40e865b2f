"""Dynatrace's API tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "dynatrace-token",
    r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}",
    prefixes=("dt0",),
    length=96,
    more=".",
    hits=(
        "«" + "dt0c01." + "A7QX" * 6 + "." + "A7QX" * 16 + "»",
        "KEY=«" + "dt0c01." + "A7QX" * 6 + "." + "A7QX" * 16 + "», next",
        "a\\n«" + "dt0c01." + "A7QX" * 6 + "." + "A7QX" * 16 + "»\\n",
    ),
    misses=(
        "x" + "dt0c01." + "A7QX" * 6 + "." + "A7QX" * 16,
        "dt0short",
    ),
)
