"""What the gateway asks on its own account is given up in time, and closed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest

from interlock.approval.notifier import Message
from interlock.approval.notifiers import webhook
from interlock.identity.fetch import HttpFetch
from interlock.patience import patience

type Ask = Callable[[str], Awaitable[object]]


@contextlib.asynccontextmanager
async def silent() -> AsyncIterator[tuple[str, asyncio.Future[bytes]]]:
    """A server that accepts and never says a word, and what came until its client closed."""
    came: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer):
            came.set_result(await reader.read())

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/x", came
    finally:
        server.close()


def issuer(url: str) -> Awaitable[object]:
    return HttpFetch(timeout=0.4)(url)


def notified(url: str) -> Awaitable[object]:
    return webhook.PART.send(Message("apr-1:pending", {}, 1_800_000_000), url, "a secret of enough letters")


@pytest.mark.parametrize("ask", [issuer, notified])
async def test_who_says_nothing_amid_tls_keeps_no_socket(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else there would be one more for each try, until the other side closes or the collector runs."""
    monkeypatch.setattr(webhook, "_TIMEOUT", 0.4)
    gc.disable()
    try:
        async with silent() as (url, came):
            with pytest.raises(OSError, match="cannot be reached: ConnectTimeout"):
                await ask(url)
            assert (await asyncio.wait_for(came, 10))[:1] == b"\x16", "a TLS handshake was begun, and closed"
    finally:
        gc.enable()


@pytest.mark.parametrize(("ask", "who"), [(issuer, "issuer"), (notified, "webhook")])
async def test_who_answers_a_byte_at_a_time_is_given_up(ask: Ask, who: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause of it is long; the whole is, and the error says so."""
    monkeypatch.setattr(webhook, "_TIMEOUT", 0.4)

    async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.closing(writer), contextlib.suppress(OSError):
            writer.write(b"HTTP/1.1 200 OK\r\nx: ")
            while True:
                writer.write(b"y")
                await writer.drain()
                await asyncio.sleep(0.02)

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        with pytest.raises(OSError, match=rf"the {who} did not answer within 0\.4 seconds"):
            await ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/x")


def test_connecting_ends_before_the_whole_is_cancelled() -> None:
    """Which alone closes it."""
    assert patience(5) == httpx.Timeout(5, connect=2.5)
