"""Buildkite's user and agent tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "buildkite-token",
    r"bk(?:ua|at|aj|ct|pt)_[0-9a-f]{40}",
    prefixes=("bkua_", "bkat_", "bkaj_", "bkct_", "bkpt_"),
    length=45,
    hits=(
        "«" + "bkua_" + "0f9e" * 10 + "»",
        "KEY=«" + "bkua_" + "0f9e" * 10 + "», next",
        "a\\n«" + "bkua_" + "0f9e" * 10 + "»\\n",
    ),
    misses=(
        "x" + "bkua_" + "0f9e" * 10,
        "bkua_short",
    ),
)
