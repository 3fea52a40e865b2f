"""A server of the process's own that gives streamed answers in the pieces they were recorded in, at their pace or not.

mitmproxy sends what an addon answers in one piece; what it should stream has to come from a server. This one listens on
loopback, knows only answers it was told of, each by a name that cannot be guessed, and each once.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from typing import TYPE_CHECKING

from mitmproxy import http

from interlock.replay.answer_then import headers_then, pieces
from interlock.replay.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Answering"]

_HEAD = 64 << 10
_LONGEST = 30.0
"""Seconds that one pause lasts at most, whatever the recording says."""


class Answering:
    """Used from the event loop."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[Entry, bytes]] = {}
        self._server: asyncio.Server | None = None
        self._paced = False
        self.address: tuple[str, int] | None = None

    async def start(self, *, paced: bool) -> None:
        """Listens; with `paced` the pauses between the pieces are those of the recording."""
        self._paced = paced
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = host, port

    def streams(self, entry: Entry) -> bool:
        """Whether an answer is given in pieces."""
        return self.address is not None and len(pieces(entry, entry.flow.answer)) > 1

    def route(self, flow: http.HTTPFlow, entry: Entry, body: bytes) -> None:
        """Lets the flow get its answer here. Nothing of the client's request is sent along."""
        if self.address is None:
            return
        name = secrets.token_urlsafe(24)
        self._told[name] = entry, body
        request = flow.request
        request.scheme, (request.host, request.port) = "http", self.address
        request.method, request.path = "GET", f"/{name}"
        request.headers = http.Headers([(b"host", b"127.0.0.1")])
        request.raw_content = b""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            told = self._told.pop(head.split(b" ", 2)[1].removeprefix(b"/").decode("latin-1"), None)
            if told is not None:
                await self._give(writer, *told)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _give(self, writer: asyncio.StreamWriter, entry: Entry, body: bytes) -> None:
        lines = [f"HTTP/1.1 {entry.flow.status} Recorded", "Transfer-Encoding: chunked", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers_then(entry)]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        await writer.drain()
        waited = 0
        for when, piece in self._pieces(entry, body):
            if self._paced and when > waited:
                await asyncio.sleep(min((when - waited) / 1000, _LONGEST))
                waited = when
            writer.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        await writer.drain()

    @staticmethod
    def _pieces(entry: Entry, body: bytes) -> Iterator[tuple[int, bytes]]:
        at = 0
        for when, size in pieces(entry, body):
            yield when, body[at : at + size]
            at += size
