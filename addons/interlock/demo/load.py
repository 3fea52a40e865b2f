"""A load generator and an upstream in one event loop: raw HTTP/1.1 over asyncio, nothing parsed that need not be.

They share one core, so that what differs between two measurements is the proxy on the other core.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field

__all__ = ["Measurement", "measure", "upstream", "warm"]

_LENGTH = b"content-length: "
_TIMEOUT = 20.0
_TRIES = 20


@dataclass(slots=True)
class Measurement:
    """One window: requests answered, seconds it took, each latency in seconds, answers that were not 200."""

    requests: int = 0
    seconds: float = 0.0
    wrong: int = 0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds if self.seconds else 0.0

    def percentile(self, part: float) -> float:
        """The latency below which this part of all requests lies, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


class _Upstream(asyncio.Protocol):
    """Answers every complete request with the same bytes."""

    def __init__(self, answer: bytes, seen: Callable[[bytes], None]) -> None:
        self._answer = answer
        self._seen = seen
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (size := message_size(self._buffer)) and len(self._buffer) >= size:
            request, self._buffer = self._buffer[:size], self._buffer[size:]
            self._seen(request)
            if isinstance(self._transport, asyncio.WriteTransport):
                self._transport.write(self._answer)


@contextlib.asynccontextmanager
async def upstream(body: bytes, seen: Callable[[bytes], None] = lambda request: None) -> AsyncIterator[int]:
    """An upstream on a free loopback port that answers 200 with this JSON body; `seen` is told each request before."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Upstream(head + body, seen), "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()


async def measure(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Measurement:
    """Keep `connections` busy for `seconds`, each sending the next of `requests` when its answer is complete."""
    found = Measurement()
    started = time.perf_counter()
    ends = started + seconds
    await asyncio.gather(*(_drive(port, requests[start::connections], ends, found) for start in range(connections)))
    found.seconds = time.perf_counter() - started
    return found


async def warm(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> None:
    """Windows of so many seconds that count for nothing, until all of one is answered: a gateway that listens refuses
    until its pipeline is ready. After twenty of them nobody waits any more, and what is measured then says the rest.
    """
    for _ in range(_TRIES):
        found = await measure(port, requests, connections=connections, seconds=seconds)
        if found.requests and not found.wrong:
            return


async def _drive(port: int, requests: Sequence[bytes], ends: float, found: Measurement) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    try:
        async with asyncio.timeout_at(asyncio.get_running_loop().time() + ends - time.perf_counter() + _TIMEOUT):
            while (begun := time.perf_counter()) < ends:
                writer.write(requests[number % len(requests)])
                status = await _answer(reader)
                found.latencies.append(time.perf_counter() - begun)
                found.wrong += status != 200
                found.requests += 1
                number += 1
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(message_size(head) - len(head))
    return int(head[9:12])


def message_size(buffer: bytes) -> int:
    """Bytes of the first message, once its head is complete; 0 before."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = buffer[:end].lower()
    at = head.find(_LENGTH)
    return end + 4 + (int(head[at + len(_LENGTH) :].partition(b"\r\n")[0]) if at >= 0 else 0)
