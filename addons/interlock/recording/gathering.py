"""Flows of exchanges that have ended, put together many at once: one by one, between two requests, each costs as much
as three of many, because it finds nothing of itself in the processor's caches.

What stands in them was fixed when the exchange ended; they wait for a moment, within bounds of number and bytes. Few
wait at a time: each keeps its call, and memory that is not used again soon is no longer in those caches either. However
large they are and however slow the disk is, other requests get their turn soon.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from interlock.errors import Refused
from interlock.recording.snapshot import FlowSnapshot

if TYPE_CHECKING:
    from interlock.recording.session import Session

__all__ = ["Gathering"]

_log = logging.getLogger("interlock")
_SECONDS: Final = 0.2
_MOST: Final = 128
_MOST_BYTES: Final = 256 << 10
_SMALL: Final = 32 << 10
_TURN: Final = 0.01  # seconds in which nobody else gets a turn


type _Flow = tuple[Session, Callable[[Any], FlowSnapshot], object, int]


class Gathering:
    """The flows of all sessions that wait. Used from one thread, that of the event loop; without one nothing waits.

    `most` is how many may: no more than the queue of the writer has room for while it says that it keeps up.
    """

    __slots__ = ("_bytes", "_most", "_timer", "_told", "_waiting")

    def __init__(self, most: int = _MOST) -> None:
        self._most = min(most, _MOST)
        self._waiting: list[_Flow] = []
        self._bytes = 0
        self._told: Session | None = None
        self._timer: asyncio.TimerHandle | None = None

    def add[T](self, session: Session, make: Callable[[T], FlowSnapshot], told: T, size: int) -> None:
        """A flow that `make` will put together from what was `told`, which holds bodies of so many bytes until then."""
        waiting = self._waiting
        waiting.append((session, make, told, size))
        self._bytes += size
        if len(waiting) >= self._most or size > _SMALL or self._bytes > _MOST_BYTES:
            self._turn()
        elif self._timer is None:
            self._soon(_SECONDS)

    def now(self) -> None:
        """Puts together all that waits, in order. Never raises: what cannot be is counted as lost."""
        self._put_together(math.inf)

    def _turn(self) -> None:
        """As much as there is time for, and at least one; the rest has its turn after others."""
        self._put_together(monotonic() + _TURN)
        if self._waiting:
            self._soon(0.0)

    def _soon(self, seconds: float) -> None:
        try:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._turn)
        except RuntimeError:
            self.now()

    def _put_together(self, until: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        found: dict[Session, list[FlowSnapshot]] = {}
        for done, (session, make, told, _) in enumerate(waiting, 1):
            try:
                flow = make(told)
                found.setdefault(session, []).append(flow)
            except Exception as error:
                self._lose(session, 1, error)
            if monotonic() > until:
                self._waiting = waiting[done:]
                self._bytes = sum([size for *_, size in self._waiting])
                break
        ends = monotonic() + _TURN
        for session, flows in found.items():
            try:
                session.flows(flows, quick=monotonic() < ends)
            except Refused:  # they are counted
                continue
            except Exception as error:
                self._lose(session, len(flows), error)

    def _lose(self, session: Session, count: int, error: Exception) -> None:
        session.lose(count)
        if session is not self._told:
            self._told = session
            _log.error("Interlock cannot keep flows of session %s (%s)", session.id, type(error).__name__)
