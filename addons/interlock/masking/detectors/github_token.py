"""GitHub's tokens: personal, OAuth, app, refresh and fine-grained."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="github-token",
    pattern=r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    length=270,
    prefixes=("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    retry=True,
    judge=fullest,
    hits=("«ghp_" + "a1B2" * 9 + "»", "x «github_pat_" + "A1b2_" * 6 + "»."),
    misses=("ghp_short", "aghp_" + "a1B2" * 9, "github_pat_x"),
)
