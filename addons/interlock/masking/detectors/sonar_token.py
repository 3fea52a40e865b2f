"""SonarQube's tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "sonar-token",
    r"sq[pau]_[0-9a-f]{40}",
    prefixes=("sqp_", "sqa_", "squ_"),
    length=44,
    hits=(
        "«" + "squ_" + "0f9e" * 10 + "»",
        "«" + "sqp_" + "0f9e" * 10 + "»",
        "KEY=«" + "squ_" + "0f9e" * 10 + "», next",
        "a\\n«" + "squ_" + "0f9e" * 10 + "»\\n",
    ),
    misses=(
        "x" + "squ_" + "0f9e" * 10,
        "sqp_short",
    ),
)
