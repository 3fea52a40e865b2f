"""How the console listens: what a client sends has to come in time, and what it is sent has to be taken.

uvicorn waits for ever for a head or a body that does not end, and for a reader who does not read; each is one of a
bounded number of connections, and a thousand of them would keep everybody out.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Bounded", "listening"]

_CONNECTIONS = 1000


class Bounded(H11Protocol):
    """One connection. Who is late is cut off: nothing that they began is answered."""

    read_seconds = 15.0
    """For a whole request, from when the connection was made or the answer before it was given."""
    write_seconds = 60.0
    """For a part of an answer that the connection is full of."""

    _reading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected: its request is awaited."""
        connected = cast(asyncio.Transport, transport)
        super().connection_made(connected)
        connected.set_write_buffer_limits(high=1, low=0)  # whatever was not taken yet counts; with 0 TLS never goes on
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        for timer in (self._reading, self._writing):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """The next request is awaited."""
        self._expect()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client takes nothing for the moment."""
        super().pause_writing()
        if self._writing is None:
            self._writing = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It took what was written."""
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        super().resume_writing()

    def _expect(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self.loop.call_later(self.read_seconds, self._late)

    def _late(self) -> None:
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self.transport.abort()


def listening(app: Any, host: str, port: int, certificate: str | None = None) -> uvicorn.Config:
    """What uvicorn is to do for the console. `certificate`: a PEM file with its key; without one it speaks in plain."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Bounded,
        ws="none",  # an upgraded connection would be read by something else
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ssl_certfile=certificate,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=2,
    )
