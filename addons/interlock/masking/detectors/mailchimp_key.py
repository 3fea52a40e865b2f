"""Mailchimp's API keys: 32 hexadecimal digits and the data centre."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="mailchimp-key",
    pattern=r"[0-9a-f]{32}-us[0-9]{1,2}",
    needs="-us[0-9]",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    begins="0123456789abcdef",
    length=37 + 2,
    retry=True,
    judge=fullest,
    hits=("key «" + "0f9e" * 8 + "-us12»", '"«' + "0f9e" * 8 + '-us1»"'),
    misses=("0f9e" * 8, "a" + "0f9e" * 8 + "-us12", "0f9e" * 8 + "-user"),
)
