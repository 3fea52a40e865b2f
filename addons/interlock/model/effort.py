"""How long this thread has worked, for budgets: neither a busy machine nor a collection of garbage uses them up.

A full collection of a large heap takes a second and falls to whoever happens to allocate: it says nothing of the text
that was being searched.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from typing import Any

__all__ = ["effort"]

_collected = 0.0
_began = 0.0


def _collecting(phase: str, info: Mapping[str, Any]) -> None:
    """Called by the interpreter, on the thread that collects; only one collects at a time."""
    global _began, _collected  # noqa: PLW0603 - one interpreter, one collector
    if phase == "start":
        _began = time.thread_time()
    else:
        _collected += time.thread_time() - _began


gc.callbacks.append(_collecting)


def effort() -> float:
    """Seconds of the processor that this thread has used, collections of garbage left out. Differences of it count.

    Another thread's collections are left out too: a difference is never longer than the work, and may be shorter.
    """
    return time.thread_time() - _collected
