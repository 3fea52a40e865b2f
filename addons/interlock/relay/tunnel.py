"""Bytes in both directions, and the end of a tunnel whose token ends.

The gateway judges a token's expiry on every request inside a tunnel, and an agent's client takes that refusal as final.
So a tunnel whose token nears its end is closed while nobody uses it; and where the next request would come too late,
it is closed before that request is passed on: clients open a new tunnel then, with a fresh token. What is inside is
encrypted, so "a request begins" is told from the outside: the client speaks again after the gateway spoke last.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

__all__ = ["Tunnel", "pump"]

_CHUNK = 64 * 1024
_RETIRE = 120.0
_QUIET = 30.0
_PAUSE = 0.05

type _End = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy until the end of `reader`. Raises OSError."""
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()


class Tunnel:
    """One tunnel. `ends` is when its token ends (seconds since the epoch), None when that is not known.

    `quiet` is for how long (seconds) nobody may have spoken before a tunnel near its end is closed.
    """

    def __init__(
        self,
        ends: float | None,
        now: Callable[[], float] = time.time,
        *,
        retire: float = _RETIRE,
        quiet: float = _QUIET,
        pause: float = _PAUSE,
    ) -> None:
        self._ends = ends
        self._now = now
        self._retire = retire
        self._quiet = quiet
        self._pause = pause
        self._spoke = time.monotonic()
        self._gateway_spoke_last = False

    async def run(self, client: _End, gateway: _End) -> None:
        """Copy in both directions until one side ends or the tunnel is retired."""
        tasks = {
            asyncio.create_task(self._up(client[0], gateway[1])),
            asyncio.create_task(self._down(gateway[0], client[1])),
        }
        if self._ends is not None:
            tasks.add(asyncio.create_task(self._retirement(self._ends)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            if self._too_late():
                return
            self._gateway_spoke_last, self._spoke = False, time.monotonic()
            writer.write(data)
            await writer.drain()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_CHUNK):
            self._gateway_spoke_last, self._spoke = True, time.monotonic()
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError):
            await writer.drain()

    def _too_late(self) -> bool:
        """Whether the client begins something new after its token's end; acknowledgements follow without a pause."""
        if self._ends is None or self._now() < self._ends or not self._gateway_spoke_last:
            return False
        return time.monotonic() - self._spoke >= self._pause

    async def _retirement(self, ends: float) -> None:
        await asyncio.sleep(max(0.0, ends - self._retire - self._now()))
        while True:
            silent = time.monotonic() - self._spoke
            if self._gateway_spoke_last and silent >= self._quiet:
                return
            await asyncio.sleep(max(0.05, self._quiet - silent if self._gateway_spoke_last else 1.0))
