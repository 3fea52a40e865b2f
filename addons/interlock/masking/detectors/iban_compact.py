"""International bank account numbers (ISO 13616) in small letters, without gaps."""

from __future__ import annotations

from interlock.masking.detector import Detector
from interlock.masking.detectors._iban import is_iban

__all__ = ["PART"]

PART = Detector(
    name="iban-compact",
    kind="iban",
    pattern=r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}",
    needs="[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{2}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    length=36,
    retry=True,
    whole=True,
    judge=is_iban,
    hits=("iban «de89370400440532013000»", "«gb29nwbk60161331926819», «fr1420041010050500013m02606»"),
    misses=("de89370400440532013001", "xde89370400440532013000", "ab12cdef34567890abcdef"),
)
