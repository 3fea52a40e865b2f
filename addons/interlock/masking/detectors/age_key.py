"""Identities of age (the encryption tool)."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "age-key",
    r"AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]{58,80}",
    prefixes=("AGE-SECRET-KEY-",),
    length=100,
    hits=(
        "«" + "AGE-SECRET-KEY-1" + "QPZR" * 14 + "QP" + "»",
        "KEY=«" + "AGE-SECRET-KEY-1" + "QPZR" * 14 + "QP" + "», next",
        "a\\n«" + "AGE-SECRET-KEY-1" + "QPZR" * 14 + "QP" + "»\\n",
    ),
    misses=(
        "x" + "AGE-SECRET-KEY-1" + "QPZR" * 14 + "QP",
        "AGE-SECRET-KEY-short",
    ),
)
