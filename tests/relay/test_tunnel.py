"""A tunnel ends before its token does, at a moment when a client can simply open another."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from interlock.relay.tunnel import Tunnel


class Wire:
    """A tunnel between two loopback connections whose far ends the test holds."""

    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    gateway: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    task: asyncio.Task[None]

    def to_gateway(self, data: bytes) -> None:
        self.client[1].write(data)

    def to_client(self, data: bytes) -> None:
        self.gateway[1].write(data)


async def _pair() -> tuple[
    tuple[asyncio.StreamReader, asyncio.StreamWriter], tuple[asyncio.StreamReader, asyncio.StreamWriter]
]:
    arrived: asyncio.Future[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = (
        asyncio.get_running_loop().create_future()
    )

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        arrived.set_result((reader, writer))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    near = await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])
    far = await arrived
    server.close()
    return near, far


@contextlib.asynccontextmanager
async def wired(tunnel: Tunnel) -> AsyncIterator[Wire]:
    """The tunnel, running; both of its inner ends are closed when it ends."""
    wire = Wire()
    wire.client, inner_client = await _pair()
    inner_gateway, wire.gateway = await _pair()

    async def run() -> None:
        await tunnel.run(inner_client, inner_gateway)
        inner_client[1].close()
        inner_gateway[1].close()

    wire.task = asyncio.create_task(run())
    try:
        yield wire
    finally:
        wire.task.cancel()
        await asyncio.gather(wire.task, return_exceptions=True)
        for _, writer in (wire.client, wire.gateway, inner_client, inner_gateway):
            writer.close()


async def test_bytes_pass_both_ways_until_one_side_ends() -> None:
    """The end of one side is the end of the other, after what was on its way."""
    async with wired(Tunnel(None)) as wire:
        wire.to_gateway(b"ping")
        assert await wire.gateway[0].readexactly(4) == b"ping"
        wire.to_client(b"pong")
        wire.gateway[1].close()
        assert await wire.client[0].read() == b"pong"


async def test_an_idle_tunnel_near_its_end_is_closed() -> None:
    """The answer is complete and nobody speaks: the client finds the connection closed, as after any keep-alive."""
    async with wired(Tunnel(time.time() + 60, retire=120, quiet=0.2)) as wire:
        wire.to_gateway(b"request")
        await wire.gateway[0].readexactly(7)
        wire.to_client(b"answer")
        assert await asyncio.wait_for(wire.client[0].read(), 5) == b"answer"


async def test_a_held_request_is_not_cut() -> None:
    """While an answer is awaited (a person may be deciding), the tunnel stays, even beyond its token's end."""
    async with wired(Tunnel(time.time() - 1, retire=120, quiet=0.05)) as wire:
        wire.to_gateway(b"request")
        await wire.gateway[0].readexactly(7)
        done, _ = await asyncio.wait({wire.task}, timeout=0.5)
        assert not done
        wire.to_client(b"answer")
        assert await wire.client[0].readexactly(6) == b"answer"


async def test_a_request_that_begins_too_late_is_not_passed_on() -> None:
    """It would be refused for good; a closed connection lets the client ask again with a fresh token."""
    async with wired(Tunnel(time.time() - 1, retire=120, quiet=30, pause=0.0)) as wire:
        wire.to_gateway(b"first")
        assert await wire.gateway[0].readexactly(5) == b"first"
        wire.to_client(b"answer")
        await wire.client[0].readexactly(6)
        wire.to_gateway(b"second")
        assert await asyncio.wait_for(wire.gateway[0].read(), 5) == b""
        assert await asyncio.wait_for(wire.client[0].read(), 5) == b""


async def test_what_follows_without_a_pause_is_passed_on() -> None:
    """Acknowledgements within an answer (HTTP/2, TLS) do not end a download at the token's end."""
    async with wired(Tunnel(time.time() - 1, retire=120, quiet=30, pause=30)) as wire:
        wire.to_gateway(b"first")
        await wire.gateway[0].readexactly(5)
        wire.to_client(b"part")
        await wire.client[0].readexactly(4)
        wire.to_gateway(b"ack")
        assert await wire.gateway[0].readexactly(3) == b"ack"
