"""Upstreams in the test's own event loop: they keep what arrived and answer what the test wrote."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

__all__ = ["HOST", "PERSON", "Seen", "Upstream", "answer", "events"]

HOST = "127.0.0.3"
"""Where the plain ones listen: a loopback address that nothing else on this machine uses."""
PERSON = "erika.mustermann@example.com"
"""What every answer holds and no agent may see where masks apply."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived on the wire; names in lower case."""

    name: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str:
        """The first header of that name, or an empty string."""
        return next((value for key, value in self.headers if key == name), "")

    def names(self) -> set[str]:
        """The names of all headers."""
        return {key for key, _ in self.headers}


def answer(
    body: bytes = b'{"ok": true, "email": "' + PERSON.encode() + b'"}',
    *,
    status: int = 200,
    kind: str = "application/json",
    headers: Iterable[tuple[str, str]] = (),
) -> bytes:
    """A whole HTTP/1.1 answer."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def events(*pieces: str, more: bytes = b"") -> bytes:
    """An event stream as a chunked answer, one chunk a piece."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = [b"%x\r\n%s\r\n" % (len(piece.encode()), piece.encode()) for piece in pieces]
    return head + b"".join(chunks) + b"0\r\n" + more + b"\r\n"


type Script = Callable[[Seen, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Upstream:
    """One server a name; `reply` is the bytes of the answer, or a coroutine that talks on the connection itself."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.reply: bytes | Script = answer()
        self.ports: dict[str, int] = {}
        self.dials = 0
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, names: Sequence[str], tls: ssl.SSLContext | None = None) -> Self:
        """Listen once for each name."""
        for name in names:
            server = await asyncio.start_server(
                self._handler(name), "127.0.0.1" if tls else HOST, 0, ssl=tls, limit=1 << 20
            )
            self._servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        """Stop listening and talking."""
        for server in self._servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _handler(self, name: str) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self.dials += 1
            try:
                while (request := await _read(name, reader)) is not None:
                    self.seen.append(request)
                    if callable(self.reply):
                        await self.reply(request, reader, writer)
                    else:
                        writer.write(self.reply)
                    await writer.drain()
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                return
            finally:
                writer.close()

        return handle


async def _read(name: str, reader: asyncio.StreamReader) -> Seen | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")[:-2]
    method, target, _ = first.split(" ", 2)
    headers = tuple((key.lower(), value.strip()) for key, _, value in (line.partition(":") for line in lines))
    seen = Seen(name, method, target, headers)
    if seen.header("transfer-encoding"):
        body = await _chunked(reader)
    else:
        body = await reader.readexactly(int(seen.header("content-length") or 0))
    return Seen(name, method, target, headers, body)


async def _chunked(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    while await reader.readline() not in (b"\r\n", b""):
        pass
    return body
