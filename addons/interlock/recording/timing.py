"""When the pieces of a streamed body went on: kept beside the body, so that it can be played again at its own pace."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["STREAM", "Timing", "fitted"]

STREAM = "interlock_stream"
"""The name under which a flow's metadata keeps it: a list of [milliseconds after the head, bytes]."""
_END = b"\n\n"

type Timing = Sequence[tuple[int, int]]
"""Milliseconds after the head of the answer, and how many bytes went on then; together they are the body."""


def fitted(timing: Timing, sent: bytes, kept: bytes) -> list[tuple[int, int]]:
    """The timing of a body as it is kept, where that was masked once more: event by event.

    Where events cannot be told apart, the whole body comes at the end. Linear.
    """
    if not timing or not kept:
        return []
    if len(sent) == len(kept) == sum(size for _, size in timing):
        return list(timing)
    if sent.count(_END) != kept.count(_END) or not kept.count(_END):
        return [(timing[-1][0], len(kept))]
    found: list[tuple[int, int]] = []
    at = stood = 0
    for number, (when, size) in enumerate(timing):
        end = stood
        for _ in range(sent.count(_END, max(at - 1, 0), at + size)):
            place = kept.find(_END, end)
            if place < 0:  # line ends that could be counted in two ways
                return [(timing[-1][0], len(kept))]
            end = place + len(_END)
        at += size
        if number == len(timing) - 1:
            end = len(kept)
        if end > stood:
            found.append((when, end - stood))
        stood = end
    return found
