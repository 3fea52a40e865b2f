"""Writes mitmproxy's flow file format (tnetstrings, format version 21), without mitmproxy.

A tnetstring is a length, a colon, the bytes and a letter for the type; mappings and lists nest. The members and
their order are those that mitmproxy 12.2 writes itself, so that reading a file and writing it again changes nothing.
Everything that mitmproxy checks while it reads is made valid here: one bad member would make a whole file unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from interlock.model import JSON
from interlock.recording.canonical import plain
from interlock.recording.snapshot import (
    Address,
    ConnectionSnapshot,
    FlowSnapshot,
    RequestSnapshot,
    ResponseSnapshot,
)

__all__ = ["FLOW_FORMAT", "encode_flow"]

FLOW_FORMAT = 21
_NONE, _TRUE, _FALSE = b"0:~", b"4:true!", b"5:false!"
_EMPTY_LIST, _EMPTY_TEXT = b"0:]", b"0:;"
_TLS_VERSIONS = {"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}
_MODE = re.compile(
    r"(regular|socks5|transparent|(reverse|upstream):https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?)"
    r"(@([0-9A-Za-z.:\[\]_-]*:)?([1-5]?[0-9]{1,4}|6[0-4][0-9]{3}))?"
)
_CACHED_CONNECTIONS = 512
_CACHED_FIELDS = 2048
_SHORT = 128


def encode_flow(flow: FlowSnapshot) -> bytes:
    """One flow as it stands in a flow file. Raises Uncanonical for metadata that is not JSON."""
    response = _response(flow.response) if flow.response else _NONE
    error = _map(b"9:timestamp;%b3:msg;%b" % (_float(flow.error_at), _text(flow.error))) if flow.error else _NONE
    return _map(
        b"9:websocket;0:~8:response;%b7:request;%b6:backup;0:~17:timestamp_created;%b7:comment;%b8:metadata;%b"
        b"6:marked;%b9:is_replay;0:~11:intercepted;5:false!11:server_conn;%b11:client_conn;%b5:error;%b2:id;%b"
        b"4:type;4:http;7:version;2:21#"
        % (
            response,
            _request(flow.request),
            _float(flow.created),
            _text(flow.comment),
            _metadata(flow.metadata),
            _name(flow.marked),
            _server(flow.server),
            _client(flow.client),
            error,
            _text(flow.id),
        )
    )


def _request(request: RequestSnapshot) -> bytes:
    return _map(
        b"4:path;%b9:authority;%b6:scheme;%b6:method;%b4:port;%b4:host;%b%b"
        % (
            _bytes(request.path),
            _brief(request.authority),
            _brief(request.scheme),
            _brief(request.method),
            _int(request.port),
            _text(request.host),
            _message(request),
        )
    )


def _response(response: ResponseSnapshot) -> bytes:
    return _map(
        b"6:reason;%b11:status_code;%b%b" % (_brief(response.reason), _int(response.status), _message(response))
    )


def _message(message: RequestSnapshot | ResponseSnapshot) -> bytes:
    return b"13:timestamp_end;%b15:timestamp_start;%b8:trailers;%b7:content;%b7:headers;%b12:http_version;%b" % (
        _time(message.ended),
        _float(message.started),
        _NONE if message.trailers is None else _headers(message.trailers),
        _NONE if message.body is None else _bytes(message.body),
        _headers(message.headers),
        _brief(message.http_version),
    )


def _headers(fields: Iterable[tuple[str | bytes, str | bytes]]) -> bytes:
    return _list([_known(pair) if len(pair[0]) + len(pair[1]) <= _SHORT else _field(pair) for pair in fields])


def _field(pair: tuple[str | bytes, str | bytes]) -> bytes:
    return _list((_bytes(pair[0]), _bytes(pair[1])))


_known = lru_cache(maxsize=_CACHED_FIELDS)(_field)
"""Most headers of an exchange were in the one before, too."""


def _metadata(data: Mapping[str, JSON]) -> bytes:
    """Sorted, as `plain` does it; nearly always short texts under our own names."""
    if all(type(value) is str and name.isascii() for name, value in data.items()):
        return _map(b"".join([_name(name) + _text(data[name]) for name in sorted(data)]))  # type: ignore[arg-type]
    return _any(plain(data))


@lru_cache(maxsize=_CACHED_CONNECTIONS)
def _client(connection: ConnectionSnapshot) -> bytes:
    """mitmproxy demands both addresses and a start of a client's connection."""
    mode = connection.mode if _MODE.fullmatch(connection.mode) else "regular"
    started = 0.0 if connection.started is None else connection.started
    own = b"10:proxy_mode;" + _text(mode) + b"8:mitmcert;" + _NONE
    nobody = ("", 0)
    return _map(own + _connection(connection, connection.peer or nobody, connection.local or nobody, started))


@lru_cache(maxsize=_CACHED_CONNECTIONS)
def _server(connection: ConnectionSnapshot) -> bytes:
    setup, address = _time(connection.connected), _address(connection.address)
    own = b"3:via;0:~19:timestamp_tcp_setup;%b7:address;%b" % (setup, address)
    return _map(own + _connection(connection, connection.peer, connection.local, connection.started))


def _connection(
    connection: ConnectionSnapshot, peer: Address | None, local: Address | None, started: float | None
) -> bytes:
    version = connection.tls_version if connection.tls_version in _TLS_VERSIONS else ""
    parts = (
        b"19:timestamp_tls_setup;" + _time(connection.tls_setup),
        b"13:timestamp_end;" + _time(connection.ended),
        b"15:timestamp_start;" + _time(started),
        b"3:sni;" + _word(connection.sni),
        b"11:tls_version;" + _word(version),
        b"11:cipher_list;" + _EMPTY_LIST,
        b"6:cipher;" + _word(connection.cipher),
        b"11:alpn_offers;" + _EMPTY_LIST,
        b"4:alpn;" + (_NONE if connection.alpn is None else _bytes(connection.alpn)),
        b"16:certificate_list;" + _EMPTY_LIST,
        b"3:tls;" + (_TRUE if connection.tls else _FALSE),
        b"5:error;" + _word(connection.error),
        b"18:transport_protocol;3:tcp;",
        b"2:id;" + _text(connection.id),
        b"8:sockname;" + _address(local),
        b"8:peername;" + _address(peer),
    )
    return b"".join(parts)


def _address(address: Address | None) -> bytes:
    return _NONE if address is None else _list((_text(address[0]), _int(address[1])))


def _any(value: object) -> bytes:
    """A plain JSON value, as `plain` leaves it."""
    if value is None:
        return _NONE
    if value is True:
        return _TRUE
    if value is False:
        return _FALSE
    if isinstance(value, int):
        return _int(value)
    if isinstance(value, list):
        return _list([_any(item) for item in value])
    if isinstance(value, dict):
        return _map(b"".join([_text(key) + _any(item) for key, item in value.items()]))
    return _text(str(value))


def _text(text: str) -> bytes:
    data = text.encode("utf-8", "backslashreplace")
    return b"%d:%b;" % (len(data), data) if data else _EMPTY_TEXT


_name = lru_cache(maxsize=_CACHED_CONNECTIONS)(_text)


def _brief(data: str | bytes) -> bytes:
    """Methods, schemes, versions: the same few again and again."""
    return _known_bytes(data) if len(data) <= _SHORT else _bytes(data)


def _word(text: str) -> bytes:
    return _text(text) if text else _NONE


def _bytes(data: str | bytes) -> bytes:
    raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    return b"%d:%b," % (len(raw), raw)


_known_bytes = lru_cache(maxsize=_CACHED_CONNECTIONS)(_bytes)


def _int(number: int) -> bytes:
    data = b"%d" % number
    return b"%d:%b#" % (len(data), data)


def _float(number: float) -> bytes:
    data = b"%a" % float(number)
    return b"%d:%b^" % (len(data), data)


def _time(number: float | None) -> bytes:
    return _NONE if number is None else _float(number)


def _list(items: Iterable[bytes]) -> bytes:
    data = b"".join(items)
    return b"%d:%b]" % (len(data), data)


def _map(members: bytes) -> bytes:
    return b"%d:%b}" % (len(members), members)
