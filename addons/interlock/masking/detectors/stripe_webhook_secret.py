"""Stripe's signing secrets of webhooks, and others of that form."""

from __future__ import annotations

from interlock.masking.detectors._keys import key

__all__ = ["PART"]

PART = key(
    "stripe-webhook-secret",
    r"whsec_[A-Za-z0-9+/=]{32,100}",
    prefixes=("whsec_",),
    length=106,
    more="+/=",
    hits=(
        "«" + "whsec_" + "aB3d" * 8 + "»",
        "KEY=«" + "whsec_" + "aB3d" * 8 + "», next",
        "a\\n«" + "whsec_" + "aB3d" * 8 + "»\\n",
    ),
    misses=(
        "x" + "whsec_" + "aB3d" * 8,
        "whsec_short",
    ),
)
