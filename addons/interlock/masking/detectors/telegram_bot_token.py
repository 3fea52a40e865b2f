"""Telegram's bot tokens: the bot's number and a secret."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, is_word, separate

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    in_url = text[max(0, start - 3) : start] == b"bot"
    return [(start, end, "high")] if separate(text, start, end) or (in_url and not is_word(text, end)) else []


PART = Detector(
    name="telegram-bot-token",
    pattern=r"[0-9]{8,10}:AA[A-Za-z0-9_\-]{32,33}",
    needs="[0-9]:AA",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:",
    begins="0123456789",
    length=10 + 1 + 35 + 2,
    retry=True,
    judge=_judge,
    hits=(
        "TELEGRAM=«123456789:AA" + "aB3_" * 8 + "x»",
        "https://api.telegram.org/bot«1234567890:AA" + "aB3-" * 8 + "x»/getMe",
    ),
    misses=("123456789:AAshort", "12:34:56", "x123456789:AA" + "aB3_" * 8 + "x"),
)
