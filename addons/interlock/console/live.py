"""Tells open pages that something changed; they then ask for it. One subscription to the store serves all of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable

__all__ = ["Bell"]

_BEAT = 15.0
_MOST = 500
_EACH = 8
"""Open pages of one visit that are told; browsers hold six connections to a host over HTTP/1.1."""

_PAUSE = 1.0


class Bell:
    """Rings for every listener when an approval or a grant changes."""

    def __init__(self, changes: Callable[[], AsyncIterator[str]]) -> None:
        self._changes = changes
        self._listeners: set[asyncio.Event] = set()
        self._open: Counter[str] = Counter()

    async def listen(self) -> None:
        """Follow the store until cancelled; while it cannot be used, listeners are woken to find that out."""
        while True:
            with contextlib.suppress(Exception):  # whatever it was, the next try may do better
                async for _ in self._changes():
                    self.ring()
            self.ring()
            await asyncio.sleep(_PAUSE)

    def ring(self) -> None:
        """Something changed."""
        for event in self._listeners:
            event.set()

    def full(self, who: str) -> bool:
        """Whether nobody more, or this visit no more often, can be told."""
        return len(self._listeners) >= _MOST or (bool(who) and self._open[who] >= _EACH)

    async def events(self, who: str = "") -> AsyncIterator[bytes]:
        """Server-sent events (WHATWG HTML, section 9.2): `changed`, and a comment now and then. Ends when full."""
        if self.full(who):
            return
        event = asyncio.Event()
        self._listeners.add(event)
        self._open[who] += 1
        try:
            yield b": here\n\n"
            while True:
                try:
                    await asyncio.wait_for(event.wait(), _BEAT)
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                event.clear()
                yield b"event: changed\ndata: now\n\n"
        finally:
            self._listeners.discard(event)
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]
