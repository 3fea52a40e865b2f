"""Keys of services: what most of them have in common."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.masking.detector import Detector, fullest, separate
from interlock.masking.nearby import near

__all__ = ["key", "named_key"]

_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


def key(
    name: str, pattern: str, prefixes: tuple[str, ...], length: int, hits: tuple[str, ...], misses: tuple[str, ...],
    more: str = "", needs: str = "",
) -> Detector:  # fmt: skip
    """A key that is known by how it begins. `length` is its longest (0: not bounded), `more` are characters of it
    beside letters, digits, `_` and `-`. `needs` says more of how it begins where words begin so, too.
    """
    return Detector(
        name=name, pattern=pattern, prefixes=prefixes, length=length + 2 if length else 0, retry=bool(length),
        whole=True, chars=_CHARS + more, needs=needs, judge=fullest, hits=hits, misses=misses,
    )  # fmt: skip


def named_key(
    name: str, pattern: str, words: tuple[str, ...], length: int, hits: tuple[str, ...], misses: tuple[str, ...],
    more: str = "",
) -> Detector:  # fmt: skip
    """A key without a form of its own, known by the words before it."""
    asks = near(*words)

    def judge(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
        # A word or a name of letters alone is no key.
        mixed = any(48 <= byte <= 57 for byte in text[start:end])
        if not mixed or not separate(text, start, end) or text[end : end + 1] in (b"-", b"/", b"+", b"="):
            return []
        return [(start, end, "high")] if text[start - 1 : start] != b"-" and asks(text, start) else []

    return Detector(
        name=name, pattern=pattern, words=words, length=length + 2, retry=True, whole=True, chars=_CHARS + more,
        judge=judge, hits=hits, misses=misses,
    )  # fmt: skip
