"""OpenAI's keys: project, service account, admin and the older ones."""

from __future__ import annotations

import re
from collections.abc import Iterable

from interlock.masking.detector import Detector, separate

__all__ = ["PART"]

_HEX = re.compile(rb"sk-(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])(?:[0-9a-f]{32}|[0-9a-f]{48}|[0-9a-f]{64})")
"""Other services' keys that begin so."""


def _judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    value = text[start:end]
    mixed = any(48 <= byte <= 57 for byte in value) and any(65 <= byte <= 90 for byte in value)
    mixed = mixed or _HEX.fullmatch(value) is not None
    return [(start, end, "high")] if mixed and separate(text, start, end) else []


PART = Detector(
    name="openai-key",
    pattern=r"sk-[A-Za-z0-9_\-]{20,}",
    chars="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
    prefixes=("sk-",),
    judge=_judge,
    hits=("«sk-proj-" + "aB3_" * 8 + "»", "key: «sk-" + "aB3d" * 12 + "», end", "«sk-" + "0f9e" * 8 + "»"),
    misses=("sk-spinner-circle-animation-delay-long", "task-" + "aB3d" * 12, "sk-short", "sk-" + "a" * 40),
)
