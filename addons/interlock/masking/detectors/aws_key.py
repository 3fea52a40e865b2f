"""Access key ids of Amazon Web Services."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="aws-key",
    pattern=r"(?:(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]|A3T[A-Z0-9]{2})[A-Z0-9]{15}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    length=22,
    prefixes=("AKIA", "ASIA", "ABIA", "ACCA", "A3T"),
    retry=True,
    judge=fullest,
    hits=("id «AKIAIOSFODNN7EXAMPLE»", "«ASIAIOSFODNN7EXAMPLE»;", "«AKIA8YB413339VJ4CMJU»"),
    misses=("AKIAIOSFODNN7EXAMPL", "XAKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE2", "AKIA rules"),
)
