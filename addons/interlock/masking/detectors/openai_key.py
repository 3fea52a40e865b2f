"""OpenAI's keys: project, service account, admin and the older ones."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    mixed = any(48 <= byte <= 57 for byte in value) and any(65 <= byte <= 90 for byte in value)
    return [(start, end, "high")] if mixed and separate(text, start, end) else []


PART = Detector(
    name="openai-key",
    pattern=r"sk-[A-Za-z0-9_\-]{20,}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    prefixes=("sk-",),
    judge=_judge,
    hits=("«sk-proj-" + "aB3_" * 8 + "»", "key: «sk-" + "aB3d" * 12 + "», end"),
    misses=("sk-spinner-circle-animation-delay-long", "task-" + "aB3d" * 12, "sk-short", "sk-" + "a" * 40),
)
