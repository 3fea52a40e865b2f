"""1Password's service account tokens and secret keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "onepassword-token",
    r"ops_eyJ[A-Za-z0-9_\-+/]{100,}={0,2}|A3-[A-Z0-9]{6}-(?:[A-Z0-9]{6}-[A-Z0-9]{5}|[A-Z0-9]{6,11})-(?:[A-Z0-9]{5}-){2,3}[A-Z0-9]{5}",
    prefixes=("ops_eyJ", "A3-"),
    length=0,
    more="+/=",
    hits=(
        "«" + "ops_eyJ" + "aB3d" * 30 + "»",
        "«" + "A3-A7QXB2-C3D4E5-F6G7H-J8K9L-M2N3P-Q4R5S" + "»",
        "KEY=«" + "ops_eyJ" + "aB3d" * 30 + "», next",
        "a\\n«" + "ops_eyJ" + "aB3d" * 30 + "»\\n",
    ),
    misses=(
        "x" + "ops_eyJ" + "aB3d" * 30,
        "ops_eyJshort",
    ),
)
