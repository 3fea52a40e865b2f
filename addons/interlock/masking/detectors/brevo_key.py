"""Brevo's API and SMTP keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "brevo-key",
    r"x(?:keysib|smtpsib)-[0-9a-f]{64}-[A-Za-z0-9]{16}",
    prefixes=("xkeysib-", "xsmtpsib-"),
    length=91,
    hits=(
        "«" + "xkeysib-" + "0f9e" * 16 + "-" + "aB3d" * 4 + "»",
        "KEY=«" + "xkeysib-" + "0f9e" * 16 + "-" + "aB3d" * 4 + "», next",
        "a\\n«" + "xkeysib-" + "0f9e" * 16 + "-" + "aB3d" * 4 + "»\\n",
    ),
    misses=(
        "x" + "xkeysib-" + "0f9e" * 16 + "-" + "aB3d" * 4,
        "xkeysib-short",
    ),
)
