"""Slack's bot, user, app and refresh tokens."""

from __future__ import annotations

from interlock.masking.detector import Detector, fullest

__all__ = ["PART"]

PART = Detector(
    name="slack-token",
    pattern=r"xox[abceoprs]-[A-Za-z0-9\-]{10,}|xoxd-[A-Za-z0-9%\-]{10,}|xoxe\.xox[bp]-[0-9]-[A-Za-z0-9\-]{10,}|xapp-[0-9]-[A-Za-z0-9\-]{10,}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.%",
    prefixes=("xoxa-", "xoxb-", "xoxc-", "xoxd-", "xoxe-", "xoxe.xox", "xoxo-", "xoxp-", "xoxr-", "xoxs-", "xapp-"),
    judge=fullest,
    hits=("«xoxb-" + "123456789012-" * 2 + "aBcDeF»", "«xapp-1-A0123456789-abc»"),
    misses=("xoxb-1", "fxoxb-123456789012"),
)
