"""API tokens of crates.io."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "crates-io-token",
    r"cio[A-Za-z0-9]{32}",
    prefixes=("cio",),
    length=35,
    hits=(
        "«" + "cio" + "aB3d" * 8 + "»",
        "KEY=«" + "cio" + "aB3d" * 8 + "», next",
        "a\\n«" + "cio" + "aB3d" * 8 + "»\\n",
    ),
    misses=(
        "x" + "cio" + "aB3d" * 8,
        "cioshort",
    ),
)
