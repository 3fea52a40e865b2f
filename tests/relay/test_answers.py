"""The relay's own answers are complete and final."""

from __future__ import annotations

import asyncio

import pytest

from interlock.relay.answers import answer


@pytest.mark.parametrize("status", [400, 407, 502])
async def test_an_answer_has_a_length_and_ends_the_connection(status: int) -> None:
    """A client never waits for more; only a 407 asks for credentials."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer(writer, status, "why")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        raw = await reader.read()
        writer.close()
    head, _, body = raw.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert f"Content-Length: {len(body)}".encode() in head
    assert b"Connection: close" in head
    assert (b"Proxy-Authenticate" in head) is (status == 407)
    assert body == b"interlock exec: why\n"
