"""Nobody holds a connection to the console by doing nothing, or as good as nothing."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.servers.certificates import Authority
from uvicorn.server import ServerState

from interlock.console.listening import Bounded, listening

PATIENCE = 60.0
HOST = "127.0.0.1"
WHOLE = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


class Pages:
    """An application: `/` answers, `/read` reads first, `/big` has no end, `/live` speaks when it is told to."""

    def __init__(self) -> None:
        self.told = asyncio.Event()
        self.disconnected = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = {"type": "http.response.body", "more_body": True}
        while scope["path"] == "/read" and (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while scope["path"] == "/big":
            await send({**body, "body": bytes(1 << 16)})
            await asyncio.sleep(0)  # once nobody is there, sending returns at once
            if self.disconnected.is_set():
                return
        if scope["path"] == "/live":
            await self.told.wait()
        await send({**body, "body": b"here", "more_body": False})


@pytest.fixture
async def pages(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Pages, int]]:
    """A server whose patience is short, and its port."""
    monkeypatch.setattr(Bounded, "read_seconds", 0.5)
    monkeypatch.setattr(Bounded, "write_seconds", 0.5)
    found = Pages()
    config = listening(found, HOST, 0)
    state = ServerState()
    server = await asyncio.get_running_loop().create_server(lambda: Bounded(config, state, {}), HOST, 0)
    yield found, server.sockets[0].getsockname()[1]
    found.disconnected.set()
    server.close()
    for connection in list(state.connections):
        connection.transport.abort()  # type: ignore[union-attr]


async def _ended(reader: asyncio.StreamReader) -> bytes:
    """What came until the connection was closed or reset."""
    found = b""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE):
            while piece := await reader.read(1 << 16):
                found += piece
    return found


@pytest.mark.parametrize(("first", "then"), [
    (b"", b""), (b"GET / HTTP/1.1\r\n", b"x-a: b\r\n"), (WHOLE + b"GET ", b"a"),
    (b"POST /read HTTP/1.1\r\nhost: x\r\ncontent-length: 999\r\n\r\n", b"a"),
], ids=["nothing", "a head", "a second head", "a body"])  # fmt: skip
async def test_who_sends_drop_by_drop_is_cut_off(pages: tuple[Pages, int], first: bytes, then: bytes) -> None:
    """However steadily the drops come."""
    reader, writer = await asyncio.open_connection(HOST, pages[1])
    writer.write(first)
    ended = asyncio.ensure_future(_ended(reader))
    with contextlib.suppress(ConnectionError):
        while not ended.done():
            writer.write(then)
            await writer.drain()
            await asyncio.wait([ended], timeout=0.05)
    assert (await ended).count(b"200 OK") == first.startswith(WHOLE)
    writer.close()


@pytest.fixture
async def encrypted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """The same over TLS, patient with who sends: its port, and what a client trusts."""
    monkeypatch.setattr(Bounded, "write_seconds", 5.0)
    authority, found = Authority(tmp_path / "authority"), Pages()
    config, state = listening(found, HOST, 0), ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Bounded(config, state, {}), HOST, 0, ssl=authority.server(HOST))
    yield server.sockets[0].getsockname()[1], ssl.create_default_context(cafile=str(authority.pem))
    found.disconnected.set()
    server.close()
    for connection in list(state.connections):
        connection.transport.abort()  # type: ignore[union-attr]


async def test_answers_go_on_over_tls(encrypted: tuple[int, ssl.SSLContext]) -> None:
    """Head and body are written one after the other, and the connection takes the next request."""
    reader, writer = await asyncio.open_connection(HOST, encrypted[0], ssl=encrypted[1])
    async with asyncio.timeout(PATIENCE):
        for _ in range(3):
            writer.write(WHOLE)
            assert (await reader.readuntil(b"0\r\n\r\n")).count(b"here") == 1
    writer.close()


async def test_who_reads_nothing_over_tls_is_cut_off(encrypted: tuple[int, ssl.SSLContext]) -> None:
    """There, too, what was written is no reason to wait for ever."""
    _, writer = await asyncio.open_connection(HOST, encrypted[0], ssl=encrypted[1], limit=1)
    writer.write(b"GET /big HTTP/1.1\r\nhost: x\r\n\r\n")
    await asyncio.wait_for(_gone(writer), PATIENCE)
    assert writer.is_closing()


async def test_who_reads_nothing_is_cut_off(pages: tuple[Pages, int]) -> None:
    """What was written to them is no reason to wait for them for ever."""
    reader, writer = await asyncio.open_connection(HOST, pages[1], limit=1)
    writer.write(b"GET /big HTTP/1.1\r\nhost: x\r\n\r\n")
    await asyncio.wait_for(_gone(writer), PATIENCE)
    assert reader.at_eof() or isinstance(reader.exception(), ConnectionError) or writer.is_closing()


async def _gone(writer: asyncio.StreamWriter) -> None:
    """Until the other side has reset the connection."""
    with contextlib.suppress(ConnectionError):
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)


async def test_who_waits_for_an_answer_is_not_cut_off(pages: tuple[Pages, int]) -> None:
    """A page that is told when something changes stays open while others come and go."""
    found, port = pages
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(b"GET /live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    for _ in range(2):
        idle, _nothing = await asyncio.open_connection(HOST, port)
        await _ended(idle)
    found.told.set()
    assert b"here" in await _ended(reader)
    writer.close()


def test_nothing_else_reads_connections() -> None:
    """No upgrade to a protocol that knows no such limits, and no more of them than can be kept."""
    config = listening(Pages, HOST, 0)
    config.load()
    assert (config.http_protocol_class, config.ws_protocol_class) == (Bounded, None)
    assert config.limit_concurrency == 1000
    assert 5 <= Bounded.read_seconds <= 60
    assert Bounded.write_seconds <= 120
