"""Repairs to what mitmproxy itself reads, writes and says; made once a Master, undone by what `install` returns.

mitmproxy 12.2 quotes bytes it could not parse in its error pages and its log (an upstream's unmasked answer, an
agent's token), crashes on trailers, takes an informational answer (1xx) for the final one, buffers heads and
pipelined requests without a bound, and leaves a connection open for ever that it closes while bytes still come in.
None of that passes a hook.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import h11
import wsproto.events
from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.proxy import commands, events, server
from mitmproxy.proxy.layers import websocket
from mitmproxy.proxy.layers.http import _http1, _http2
from mitmproxy.proxy.layers.http._base import ReceiveHttp, format_error
from mitmproxy.proxy.layers.http._events import ErrorCode, RequestProtocolError, ResponseProtocolError

from interlock.mitm.linger import Lingering
from interlock.mitm.saying import Quiet, error_says

__all__ = ["HEAD_LIMIT", "install"]

HEAD_LIMIT = 128 * 1024
"""Bytes of a head, of a chunk's own line or of trailers before they are given up."""
_AHEAD_LIMIT = 1 << 20
"""Bytes of further requests that a client may send while the first is still being answered."""
_INFORMATIONAL = re.compile(rb"HTTP/1\.[01] 1(?!01)[0-9]{2}[ \r\n]")
_LOGGERS = ("mitmproxy.proxy.server", "mitmproxy.master", "mitmproxy.addonmanager")

type Commands = Iterator[Any]


class _Bounded:
    """A body reader of h11 that drops trailers, and gives up on lines without an end."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def __call__(self, buffer: Any) -> Any:
        event = self._reader(buffer)
        if event is None and len(buffer) > HEAD_LIMIT:
            raise h11.RemoteProtocolError("a line without an end")
        return _without_trailers(event)

    def read_eof(self) -> Any:
        """The connection ended."""
        return _without_trailers(self._reader.read_eof())


def _without_trailers(event: Any) -> Any:
    return h11.EndOfMessage() if isinstance(event, h11.EndOfMessage) and event.headers else event


_make_body_reader = _http1.make_body_reader
_wait = _http1.Http1Connection.wait
_read_request = _http1.Http1Server.read_headers
_read_answer = _http1.Http1Client.read_headers
_handle_connection = server.ConnectionHandler.handle_connection
_send = websocket.WebsocketConnection.send2


def make_body_reader(expected_size: int | None) -> Any:
    """Every body's reader, bounded."""
    return _Bounded(_make_body_reader(expected_size))


def read_request_head(self: Any, event: events.ConnectionEvent) -> Commands:
    """A client's head, bounded."""
    yield from _read_request(self, event)
    if self.state == self.read_headers and len(self.buf) > HEAD_LIMIT:
        yield commands.SendData(self.conn, _http1.make_error_response(431))
        yield commands.CloseConnection(self.conn)
        self.state = self.done


def read_answer_head(self: Any, event: events.ConnectionEvent) -> Commands:
    """An upstream's head, bounded; informational answers before it are left out."""
    while self.request is not None and _INFORMATIONAL.match(bytes(self.buf)):
        if self.buf.maybe_extract_lines() is None:
            break
    yield from _read_answer(self, event)
    if self.state == self.read_headers and len(self.buf) > HEAD_LIMIT:
        yield commands.CloseConnection(self.conn)
        yield ReceiveHttp(ResponseProtocolError(self.stream_id, "malformed answer", ErrorCode.GENERIC_SERVER_ERROR))
        self.state = self.done


def wait(self: Any, event: events.Event) -> Commands:
    """What a client sends ahead of its turn, bounded."""
    yield from _wait(self, event)
    if isinstance(event, events.DataReceived) and len(self.buf) > _AHEAD_LIMIT:
        self.state = self.done
        yield commands.CloseConnection(self.conn)
        yield ReceiveHttp(RequestProtocolError(self.stream_id, "Client disconnected.", ErrorCode.CLIENT_DISCONNECTED))


async def handle_connection(self: Any, connection: Connection) -> None:
    """A connection to its end; its socket is closed whatever happens."""
    streams = self.transports[connection]
    if connection is self.client and isinstance(streams.reader, asyncio.StreamReader):
        streams.writer = Lingering(streams.reader, streams.writer)
    writer = streams.writer
    try:
        await _handle_connection(self, connection)
    except asyncio.CancelledError:
        if connection in self.transports:  # cancelled while it waited for its turn, which mitmproxy does not expect
            connection.state = ConnectionState.CLOSED
            await self.server_event(events.ConnectionClosed(connection))
            self.transports.pop(connection, None)
        raise
    finally:
        writer.close()


def send_bare(self: Any, event: Any) -> Any:
    """A WebSocket's frames; control frames carry up to 125 bytes that no hook sees, so they are emptied."""
    if isinstance(event, wsproto.events.Ping | wsproto.events.Pong):
        event = dataclasses.replace(event, payload=b"")
    elif isinstance(event, wsproto.events.CloseConnection):
        event = dataclasses.replace(event, reason="")
    return _send(self, event)


def page(status_code: int, message: str) -> bytes:
    """mitmproxy's error page with a reason of ours in place of what it quotes from the traffic."""
    return format_error(status_code, error_says(message) if message else "")


_REPAIRS: tuple[tuple[Any, str, Any], ...] = (
    (_http1, "format_error", page),
    (_http2, "format_error", page),
    (_http1, "make_body_reader", make_body_reader),
    (_http1.Http1Server, "read_headers", read_request_head),
    (_http1.Http1Client, "read_headers", read_answer_head),
    (_http1.Http1Connection, "wait", wait),
    (server.ConnectionHandler, "handle_connection", handle_connection),
    (websocket.WebsocketConnection, "send2", send_bare),
)


def install() -> Callable[[], None]:
    """Put the repairs in place; what it returns takes them out again."""
    before = [(owner, name, getattr(owner, name)) for owner, name, _ in _REPAIRS]
    filters = [(logging.getLogger(name), Quiet()) for name in _LOGGERS]
    for owner, name, value in _REPAIRS:
        setattr(owner, name, value)
    for logger, quiet in filters:
        logger.addFilter(quiet)

    def restore() -> None:
        for owner, name, value in before:
            setattr(owner, name, value)
        for logger, quiet in filters:
            logger.removeFilter(quiet)

    return restore
