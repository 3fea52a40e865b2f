"""CircleCI's personal and project tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "circleci-token",
    r"CC(?:IPAT|IPRJ)_[A-Za-z0-9]{20,24}_[0-9a-f]{40}",
    prefixes=("CCIPAT_", "CCIPRJ_"),
    length=72,
    hits=(
        "«" + "CCIPAT_" + "aB3d" * 5 + "xY_" + "0f9e" * 10 + "»",
        "KEY=«" + "CCIPAT_" + "aB3d" * 5 + "xY_" + "0f9e" * 10 + "», next",
        "a\\n«" + "CCIPAT_" + "aB3d" * 5 + "xY_" + "0f9e" * 10 + "»\\n",
    ),
    misses=(
        "x" + "CCIPAT_" + "aB3d" * 5 + "xY_" + "0f9e" * 10,
        "CCIPAT_short",
    ),
)
