"""Follows what changes in a store: what a process knows of it is fresh within two seconds, or is not believed.

One subscription to the store's changes serves everybody here. Whatever the feed may miss is found by reading again,
once a second; a board that could not do so for two seconds knows nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from typing import ClassVar

from interlock.ports import Clock

__all__ = ["MISSED", "STALE", "Following"]

MISSED = ""
"""Stands for an id where some changes may have been missed."""

STALE = 2.0
"""Seconds after which what was read is no longer believed."""

_REFRESH = 1.0
_MOST = 1000

_log = logging.getLogger("interlock")


class Following(ABC):
    """What a board of something kept has in common. `start` before use, `close` at the end; for one event loop.

    `_what` names it in the log. Who follows says what to read, and calls `_read_since` once everything was read.
    """

    _what: ClassVar[str]

    def __init__(self, changes: Callable[[], AsyncGenerator[str]], clock: Clock) -> None:
        self._clock = clock
        self._changes = changes
        self._changed: set[str] = set()
        self._woken = asyncio.Event()
        self._read_at = -math.inf
        self._due = -math.inf
        self._tasks: list[asyncio.Task[None]] = []

    @abstractmethod
    async def _read(self, changed: set[str]) -> None:
        """Read what has these ids; where MISSED is among them, whatever else may have changed."""

    @abstractmethod
    async def _read_all(self) -> None:
        """Read everything that counts, and say `_read_since` when that began."""

    @abstractmethod
    def _look(self) -> None:
        """End what may not go on, by what is known now."""

    def _concerns(self, id: str) -> bool:
        """Whether a change of this id is anything to this board."""
        return True

    def _concerns_all(self, id: str) -> bool:
        """Whether everything has to be read for it at once."""
        return id == MISSED

    def _read_since(self, began: float) -> None:
        self._read_at = began

    async def start(self) -> None:
        """Read once and go on. Raises OSError when the store cannot be read at all."""
        await self._read_all()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._follow())]

    async def close(self) -> None:
        """Nothing is known any more."""
        self._read_at = -math.inf
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._look()

    @property
    def fresh(self) -> bool:
        """Whether what is known here may still be believed."""
        return self._clock.monotonic() - self._read_at <= STALE

    async def _listen(self) -> None:
        while True:
            try:
                async with contextlib.aclosing(self._changes()) as feed:
                    async for id in feed:
                        if id == MISSED or self._concerns(id):
                            self._changed.add(id if len(self._changed) < _MOST else MISSED)
                            self._woken.set()
            except Exception as error:  # whatever it was: it begins anew, with what was missed
                _log.warning("changes of %s cannot be heard: %s", self._what, type(error).__name__)
            await asyncio.sleep(_REFRESH)

    async def _follow(self) -> None:
        failed, time = False, asyncio.get_running_loop().time
        self._due = time() + _REFRESH
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), max(0.0, self._due - time()))
            self._woken.clear()
            changed, self._changed = self._changed, set()
            whole = time() >= self._due or any(map(self._concerns_all, changed))
            if whole:
                self._due = time() + _REFRESH
            try:
                async with asyncio.timeout(_REFRESH):
                    if changed:
                        await self._read(changed)
                    if whole:
                        await self._read_all()
                failed = False
            except Exception as error:  # whatever it is: what is known here grows stale, and is then void
                self._changed |= {*changed, MISSED}
                if not failed:
                    _log.warning("%s cannot be followed: %s", self._what, type(error).__name__)
                failed = True
            self._look()
