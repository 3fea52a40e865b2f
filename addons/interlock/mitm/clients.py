"""The client connections that are open, and which of them are about to be closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from interlock.errors import Refused
from interlock.mitm.guard import close_client
from interlock.reasons import Reason

__all__ = ["Clients"]

_GRACE = 0.05
"""Seconds in which an answer at hand is written before its connection is closed."""


class Clients:
    """Client connections by their id, each with the very object that connected: a copy has only its id."""

    def __init__(self, keep: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        self._keep = keep
        self._known: dict[str, Any] = {}
        self._ending: set[str] = set()

    def __len__(self) -> int:
        return len(self._known)

    def admit(self, client: Any, limit: int) -> None:
        """Count a client connection in. Raises Refused above the limit."""
        if len(self._known) >= limit:
            raise Refused(Reason.NOT_READY, "too many client connections")
        self._known[client.id] = client

    def release(self, client: Any) -> None:
        """Count it out."""
        self._known.pop(client.id, None)
        self._ending.discard(client.id)

    def check(self, client: Any) -> None:
        """Refuse what comes on a connection that is none, or none for long: its sender could not tell whether a
        request that comes in its last moment was forwarded, and would send it again.
        """
        if client.id in self._ending:
            raise Refused(Reason.CONNECTION_CLOSING, hint="Send it again on a new connection.")
        if self._known.get(client.id) is not client:
            raise Refused(Reason.REPLAY_REFUSED)

    def close_later(self, client: Any) -> None:
        """Close a client connection once the answer at hand has been written; until then nothing on it passes."""

        async def close() -> None:
            await asyncio.sleep(_GRACE)
            close_client(client)

        if client.id in self._known:
            self._ending.add(client.id)
        self._keep(close())
