"""New Relic's user, browser, insert and licence keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "new-relic-key",
    r"NRAK-[A-Za-z0-9]{27}|NR(?:JS|AA)-[0-9a-f]{19,32}|NRI[IQ]-[A-Za-z0-9_\-]{32}",
    prefixes=("NRAK-", "NRJS-", "NRAA-", "NRII-", "NRIQ-"),
    length=37,
    hits=(
        "«" + "NRAK-" + "A7QX" * 6 + "A7Q" + "»",
        "«" + "NRII-" + "aB3d" * 8 + "»",
        "KEY=«" + "NRAK-" + "A7QX" * 6 + "A7Q" + "», next",
        "a\\n«" + "NRAK-" + "A7QX" * 6 + "A7Q" + "»\\n",
    ),
    misses=(
        "x" + "NRAK-" + "A7QX" * 6 + "A7Q",
        "NRAK-short",
    ),
)
