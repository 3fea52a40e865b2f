"""Telegram's bot tokens: the bot's number and a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import Detector, is_word, separate

__all__ = ["PART"]

_MIXED = tuple(map(re.compile, (rb"[a-z]", rb"[A-Z]", rb"[0-9]")))


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    in_url = text[max(0, start - 3) : start] == b"bot"
    if not (separate(text, start, end) or (in_url and not is_word(text, end))):
        return []
    token = text[start:end].partition(b":")[2]
    known = token.startswith(b"AA")
    if not known and not all(sign.search(token) for sign in _MIXED):
        return []
    return [(start, end, "high" if known else "medium")]


PART = Detector(
    name="telegram-bot-token",
    pattern=r"[0-9]{8,10}:A[A-Za-z0-9_\-]{33,34}",
    needs="[0-9]:A",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:",
    begins="0123456789",
    length=10 + 1 + 35 + 2,
    retry=True,
    judge=_judge,
    hits=(
        "TELEGRAM=«123456789:AA" + "aB3_" * 8 + "x»",
        "«160686381:AcCM" + "aB3_" * 7 + "aB3»",
        "https://api.telegram.org/bot«1234567890:AA" + "aB3-" * 8 + "x»/getMe",
    ),
    misses=("123456789:AAshort", "12:34:56", "x123456789:AA" + "aB3_" * 8 + "x"),
)
