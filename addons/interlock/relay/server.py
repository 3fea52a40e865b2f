"""The relay: an HTTP proxy on a random loopback port, for one run, that knows nothing but how to swap credentials.

The child proves itself with the run's secret; towards the gateway every CONNECT and every request carries run id and
token. Nothing is read beyond heads and framing, nothing is logged.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Self

from interlock.errors import InterlockError
from interlock.model import Secret
from interlock.relay.answers import answer
from interlock.relay.freshness import FreshToken
from interlock.relay.gateway import GatewayAddress, credentials
from interlock.relay.http1 import HEAD_LIMIT, Head, Malformed, copy_body, read_head, write_head
from interlock.relay.tunnel import Tunnel, pump

__all__ = ["Relay"]

_CONNECTIONS = 512
_HEAD_SECONDS = 60.0
_CLOSING = 2.0
_OURS = frozenset({"proxy-authorization", "x-interlock-run", "proxy-connection"})
_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Relay:
    """`async with Relay(gateway, token, run) as relay:` listens; `relay.proxy` is the child's proxy URL.

    `refused` counts what the gateway answered 407 on CONNECT.
    """

    def __init__(
        self, gateway: GatewayAddress, token: FreshToken, run: str, *, now: Callable[[], float] = time.time
    ) -> None:
        self._gateway = gateway
        self._token = token
        self._run = run
        self._now = now
        self._secret = Secret(secrets.token_urlsafe(32))
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0
        self.refused = 0

    @property
    def proxy(self) -> Secret:
        """The proxy URL for the child: it holds the run's secret."""
        return Secret(f"http://{self._run}:{self._secret.reveal()}@127.0.0.1:{self.port}")

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_LIMIT)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._tasks) >= _CONNECTIONS:
            writer.transport.abort()
            return
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        except Malformed:
            await answer(writer, 400, "the request cannot be read as HTTP/1.1")
        except InterlockError as error:
            await answer(writer, 502, f"{error}")
        except (OSError, TimeoutError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            await _close(writer)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(read_head(reader), _HEAD_SECONDS)
        if head is None:
            return
        if head.status:
            raise Malformed
        if not self._admits(head):
            await answer(writer, 407, "this relay belongs to another run")
        elif head.method == "CONNECT":
            await self._connect(head, reader, writer)
        else:
            await self._forward(head, reader, writer)

    def _admits(self, head: Head) -> bool:
        """Whether a head carries the run's secret, once, as a Basic password or as Bearer."""
        values = head.all("proxy-authorization")
        if len(values) != 1:
            return False
        scheme, _, rest = values[0].partition(" ")
        shown = b""
        if scheme.lower() == "bearer":
            shown = rest.strip().encode("latin-1", "replace")
        elif scheme.lower() == "basic":
            with contextlib.suppress(binascii.Error, ValueError):
                shown = base64.b64decode(rest.strip(), validate=True).partition(b":")[2]
        return hmac.compare_digest(shown, self._secret.reveal().encode())

    # -- CONNECT

    async def _connect(self, head: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reply, upstream, ends = await self._tunnel(head)
        gateway_reader, gateway_writer = upstream
        try:
            if not 200 <= reply.status < 300:
                writer.write(write_head(_line(reply), [*_kept(reply), ("Connection", "close")]))
                await asyncio.wait_for(_rest(reply, gateway_reader, writer), _HEAD_SECONDS)
                return
            writer.write(_ESTABLISHED)
            await writer.drain()
            await Tunnel(ends, self._now).run((reader, writer), upstream)
        finally:
            await _close(gateway_writer)

    async def _tunnel(self, head: Head) -> tuple[Head, tuple[asyncio.StreamReader, asyncio.StreamWriter], float | None]:
        """Ask the gateway for a tunnel; a token that it turns down is replaced once, when there is another."""
        token, ends = await self._token.get()
        reply, upstream = await self._ask(head, token)
        if reply.status == 407:
            self._token.rejected(token)
            with contextlib.suppress(InterlockError):
                other, other_ends = await self._token.get()
                if other != token:
                    await _close(upstream[1])
                    reply, upstream = await self._ask(head, other)
                    ends = other_ends
        if reply.status == 407:
            self.refused += 1
        return reply, upstream, ends

    async def _ask(self, head: Head, token: Secret) -> tuple[Head, tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await self._gateway.open()
        try:
            writer.write(self._rewritten(head, token))
            await writer.drain()
            reply = await asyncio.wait_for(read_head(reader), _HEAD_SECONDS)
            if reply is None or not reply.status:
                raise InterlockError(f"what answers at {self._gateway} is not a proxy")
        except (OSError, Malformed, TimeoutError):
            await _close(writer)
            raise InterlockError(f"the gateway at {self._gateway} did not answer") from None
        except BaseException:
            await _close(writer)
            raise
        return reply, (reader, writer)

    # -- plain requests

    async def _forward(self, first: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Absolute-form requests, one after the other; answers travel back as they are, in order."""
        _check_absolute(first)
        token, _ = await self._token.get()
        gateway_reader, gateway_writer = await self._gateway.open()
        back = asyncio.create_task(pump(gateway_reader, writer))
        sending = asyncio.create_task(self._requests(first, token, reader, gateway_writer))
        try:
            await asyncio.wait({back, sending}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done() and not sending.exception():
                # The client has said everything it had to say: it may still be reading.
                if gateway_writer.can_write_eof():
                    gateway_writer.write_eof()
                await asyncio.wait({back}, timeout=_CLOSING)
        finally:
            for task in (back, sending):
                task.cancel()
            await asyncio.gather(back, sending, return_exceptions=True)
            await _close(gateway_writer)

    async def _requests(
        self, head: Head, token: Secret, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while True:
            writer.write(self._rewritten(head, token))
            await copy_body(head, reader, writer)
            await writer.drain()
            if head.all("upgrade"):
                await pump(reader, writer)
                return
            # No limit here: the answer may be a stream, or held for a person. The gateway ends what is idle.
            following = await read_head(reader)
            if following is None:
                return
            if not self._admits(following):
                raise Malformed
            _check_absolute(following)
            head = following
            token, _ = await self._token.get()

    def _rewritten(self, head: Head, token: Secret) -> bytes:
        """The head with the gateway's credentials in place of the run's secret."""
        kept = [(name, value) for name, value in head.headers if name.lower() not in _OURS]
        return write_head(head.line, [*kept, ("Proxy-Authorization", credentials(self._run, token))])


async def _rest(reply: Head, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The body of a refused tunnel's answer."""
    if reply.all("content-length") or reply.all("transfer-encoding"):
        await copy_body(reply, reader, writer)
    else:
        await pump(reader, writer)


def _check_absolute(head: Head) -> None:
    if not head.target.lower().startswith(("http://", "https://")):
        raise Malformed


def _line(reply: Head) -> str:
    """A refused tunnel's status line. The child cannot mend a token, so 407 becomes 403: no client asks again."""
    return "HTTP/1.1 403 Forbidden" if reply.status == 407 else reply.line


def _kept(reply: Head) -> list[tuple[str, str]]:
    drop = {"connection", "proxy-connection", "keep-alive", "proxy-authenticate"}
    return [(name, value) for name, value in reply.headers if name.lower() not in drop]


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), _CLOSING)
    except (OSError, TimeoutError, asyncio.CancelledError):
        writer.transport.abort()
