"""Stripe's secret and restricted keys."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="stripe-key",
    pattern=r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    prefixes=("sk_live_", "sk_test_", "rk_live_", "rk_test_"),
    judge=fullest,
    hits=("«sk_" + "live_" + "a1B2" * 6 + "»", "«rk_" + "test_" + "a1B2" * 6 + "»."),
    misses=("sk_live_short", "pk_" + "live_" + "a1B2" * 6, "disk_test_" + "a1B2" * 6),
)
