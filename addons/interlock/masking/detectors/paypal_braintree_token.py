"""Braintree's access tokens."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "paypal-braintree-token",
    r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}",
    prefixes=("access_token$",),
    length=80,
    more="$",
    hits=(
        "«" + "access_token$production$" + "b3k9" * 4 + "$" + "0f9e" * 8 + "»",
        "KEY=«" + "access_token$production$" + "b3k9" * 4 + "$" + "0f9e" * 8 + "», next",
        "a\\n«" + "access_token$production$" + "b3k9" * 4 + "$" + "0f9e" * 8 + "»\\n",
    ),
    misses=(
        "x" + "access_token$production$" + "b3k9" * 4 + "$" + "0f9e" * 8,
        "access_token$short",
    ),
)
