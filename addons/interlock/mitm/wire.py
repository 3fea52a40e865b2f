"""Repairs to what mitmproxy itself reads, writes and says; made once a Master, undone by what `install` returns.

mitmproxy 12.2 quotes bytes it could not parse in its error pages and its log (an upstream's unmasked answer, an
agent's token), crashes on trailers, takes an informational answer (1xx) for the final one, buffers heads and
pipelined requests without a bound, leaves a connection open for ever that it closes while bytes still come in, and
breaks off with clients that resume a TLS session in which they showed a certificate. None of that passes a hook.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import logging
import re
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import h11
import wsproto.events
from mitmproxy.connection import Connection, ConnectionState
from mitmproxy.net import tls
from mitmproxy.proxy import commands, events, server
from mitmproxy.proxy.layers import websocket
from mitmproxy.proxy.layers.http import _http1, _http2
from mitmproxy.proxy.layers.http._base import ReceiveHttp
from mitmproxy.proxy.layers.http._events import ErrorCode, RequestProtocolError, ResponseProtocolError
from OpenSSL import SSL

from interlock.mitm.linger import Lingering
from interlock.mitm.replacement import Replacement, put_in
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
    return h11.EndOfMessage() if type(event) is h11.EndOfMessage and event.headers else event


def _body_reader(make: Any) -> Any:
    """Every body's reader, bounded."""

    def make_body_reader(expected_size: int | None) -> Any:
        return _Bounded(make(expected_size))

    return make_body_reader


def _request_head(read: Any) -> Any:
    """A client's head, bounded."""

    def read_headers(self: Any, event: events.ConnectionEvent) -> Commands:
        yield from read(self, event)
        if self.state == self.read_headers and len(self.buf) > HEAD_LIMIT:
            yield commands.SendData(self.conn, _http1.make_error_response(431))
            yield commands.CloseConnection(self.conn)
            self.state = self.done

    return read_headers


def _answer_head(read: Any) -> Any:
    """An upstream's head, bounded; informational answers before it are left out."""

    def read_headers(self: Any, event: events.ConnectionEvent) -> Commands:
        while self.request is not None and _INFORMATIONAL.match(bytes(self.buf)):
            if self.buf.maybe_extract_lines() is None:
                break
        yield from read(self, event)
        if self.state == self.read_headers and len(self.buf) > HEAD_LIMIT:
            yield commands.CloseConnection(self.conn)
            error = ResponseProtocolError(self.stream_id, "malformed answer", ErrorCode.GENERIC_SERVER_ERROR)
            yield ReceiveHttp(error)
            self.state = self.done

    return read_headers


def _ahead(wait_on: Any) -> Any:
    """What a client sends ahead of its turn, bounded."""

    def wait(self: Any, event: events.Event) -> Commands:
        yield from wait_on(self, event)
        if isinstance(event, events.DataReceived) and len(self.buf) > _AHEAD_LIMIT:
            self.state = self.done
            yield commands.CloseConnection(self.conn)
            error = RequestProtocolError(self.stream_id, "Client disconnected.", ErrorCode.CLIENT_DISCONNECTED)
            yield ReceiveHttp(error)

    return wait


def _connection(handle: Any) -> Any:
    """A connection to its end; its socket is closed whatever happens."""

    async def handle_connection(self: Any, connection: Connection) -> None:
        streams = self.transports[connection]
        if connection is self.client and isinstance(streams.reader, asyncio.StreamReader):
            streams.writer = Lingering(streams.reader, streams.writer)
        writer = streams.writer
        try:
            await handle(self, connection)
        except asyncio.CancelledError:
            if connection in self.transports:  # cancelled while it waited for its turn: mitmproxy does not expect it
                connection.state = ConnectionState.CLOSED
                await self.server_event(events.ConnectionClosed(connection))
                self.transports.pop(connection, None)
            raise
        finally:
            writer.close()

    return handle_connection


def _bare_frames(send: Any) -> Any:
    """A WebSocket's frames; control frames carry up to 125 bytes that no hook sees, so they are emptied."""

    def send2(self: Any, event: Any) -> Any:
        if isinstance(event, wsproto.events.Ping | wsproto.events.Pong):
            event = dataclasses.replace(event, payload=b"")
        elif isinstance(event, wsproto.events.CloseConnection):
            event = dataclasses.replace(event, reason="")
        return send(self, event)

    return send2


def _page(form: Any) -> Any:
    """mitmproxy's error page with a reason of ours in place of what it quotes from the traffic."""

    def format_error(status_code: int, message: str) -> bytes:
        page: bytes = form(status_code, error_says(message) if message else "")
        return page

    return format_error


def _client_tls(make: Any) -> Any:
    """TLS with clients that are asked for certificates: a whole handshake for every connection.

    mitmproxy lets clients resume sessions and then fails the handshake of those that do, because OpenSSL does not
    resume a verified session without a context's name; and a resumed one would not show the certificate's chain again.
    """

    @functools.wraps(make)
    def create_client_proxy_context(**settings: Any) -> SSL.Context:
        context: SSL.Context = make(**settings)
        if (
            settings["request_client_cert"] and context not in _unresumed
        ):  # mitmproxy keeps contexts and uses them again
            context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
            context.set_options(SSL.OP_NO_TICKET)
            _unresumed.add(context)
        return context

    return create_client_proxy_context


_unresumed: weakref.WeakSet[SSL.Context] = weakref.WeakSet()
_TLS = (
    "method", "min_version", "max_version", "cipher_list", "ecdh_curve", "chain_file", "alpn_select_callback",
    "request_client_cert", "extra_chain_certs", "dhparams",
)  # fmt: skip
_HTTP1 = ("state", "buf", "conn", "stream_id", "done")
_REPAIRS = (
    Replacement(_http1, "format_error", ("status_code", "message"), _page),
    Replacement(_http2, "format_error", ("status_code", "message"), _page),
    Replacement(_http1, "make_body_reader", ("expected_size",), _body_reader),
    Replacement(_http1.Http1Server, "read_headers", ("self", "event"), _request_head, _HTTP1),
    Replacement(_http1.Http1Client, "read_headers", ("self", "event"), _answer_head, (*_HTTP1, "request")),
    Replacement(_http1.Http1Connection, "wait", ("self", "event"), _ahead, _HTTP1),
    Replacement(
        server.ConnectionHandler, "handle_connection", ("self", "connection"), _connection, ("transports", "client")
    ),
    Replacement(websocket.WebsocketConnection, "send2", ("self", "event"), _bare_frames),
    Replacement(tls, "create_client_proxy_context", _TLS, _client_tls),
)


def install() -> Callable[[], None]:
    """Put the repairs in place; what it returns takes them out again. Raises InterlockError on another mitmproxy."""
    restore = put_in(*_REPAIRS)
    filters = [(logging.getLogger(name), Quiet()) for name in _LOGGERS]
    for logger, quiet in filters:
        logger.addFilter(quiet)

    def undo() -> None:
        restore()
        for logger, quiet in filters:
            logger.removeFilter(quiet)

    return undo
