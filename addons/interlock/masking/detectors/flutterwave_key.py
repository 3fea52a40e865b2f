"""Flutterwave's secret and encryption keys."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "flutterwave-key",
    r"FLWSECK(?:_TEST)?-[A-Za-z0-9]{12,40}(?:-X)?",
    prefixes=("FLWSECK",),
    length=55,
    hits=(
        "«" + "FLWSECK_TEST-" + "0f9e" * 8 + "-X" + "»",
        "KEY=«" + "FLWSECK_TEST-" + "0f9e" * 8 + "-X" + "», next",
        "a\\n«" + "FLWSECK_TEST-" + "0f9e" * 8 + "-X" + "»\\n",
    ),
    misses=(
        "x" + "FLWSECK_TEST-" + "0f9e" * 8 + "-X",
        "FLWSECKshort",
    ),
)
