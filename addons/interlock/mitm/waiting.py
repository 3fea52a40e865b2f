"""Who waits for people, and on which client connection: a client that leaves need not be waited for."""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections import Counter
from collections.abc import Coroutine, Iterator
from typing import Any

from mitmproxy import connection

__all__ = ["Waiting"]


class Waiting:
    """Requests that wait, by what they wait for."""

    def __init__(self) -> None:
        self._present: weakref.WeakKeyDictionary[connection.Client, set[asyncio.Future[None]]]
        self._present = weakref.WeakKeyDictionary()
        self._ids: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._ids.total()

    def on(self, id: str) -> int:
        """How many wait for this."""
        return self._ids[id]

    async def until[T](self, client: connection.Client, id: str, answer: Coroutine[Any, Any, T]) -> T | None:
        """What `answer` gives, with what it raises; None when the client left before."""
        self._ids[id] += 1
        waiting = asyncio.ensure_future(answer)
        try:
            with self._presence(client) as gone:
                both: set[asyncio.Future[Any]] = {waiting, gone}
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
                return None if gone.done() else waiting.result()
        finally:
            waiting.cancel()
            self._ids[id] -= 1
            if not self._ids[id]:
                del self._ids[id]

    def left(self, client: connection.Client) -> None:
        """A client connection has ended."""
        for future in self._present.pop(client, ()):
            if not future.done():
                future.set_result(None)

    @contextlib.contextmanager
    def _presence(self, client: connection.Client) -> Iterator[asyncio.Future[None]]:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._present.setdefault(client, set()).add(gone)
        if not client.connected:
            gone.set_result(None)
        try:
            yield gone
        finally:
            others = self._present.get(client)
            if others is not None:
                others.discard(gone)
