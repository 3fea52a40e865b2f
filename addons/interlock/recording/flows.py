"""Writes mitmproxy's flow file format (tnetstrings, format version 21), without mitmproxy.

A tnetstring is a length, a colon, the bytes and a letter for the type; mappings and lists nest. The members and
their order are those that mitmproxy 12.2 writes itself, so that reading a file and writing it again changes nothing.
Everything that mitmproxy checks while it reads is made valid here: one bad member would make a whole file unreadable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from interlock.model import JSON
from interlock.recording.canonical import plain
from interlock.recording.snapshot import (
    Address,
    ConnectionSnapshot,
    Fields,
    FlowSnapshot,
    Raw,
    RequestSnapshot,
    ResponseSnapshot,
)
from interlock.recording.tnetstring import (
    EMPTY_LIST,
    FALSE,
    NONE,
    TRUE,
    brief_text,
    integer,
    mapping,
    moment,
    octets,
    of_value,
    real,
    sequence,
    text,
    word,
)

__all__ = ["FLOW_FORMAT", "encode_flow", "flow_parts"]

FLOW_FORMAT = 21
_TLS_VERSIONS = {"SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}
_MODE = re.compile(
    r"(regular|socks5|transparent|(reverse|upstream):https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?)"
    r"(@([0-9A-Za-z.:\[\]_-]*:)?([1-5]?[0-9]{1,4}|6[0-4][0-9]{3}))?"
)
_CACHED_CONNECTIONS = 512
_CACHED_FIELDS = 2048
_CACHED_LISTS = 1024
_SHORT, _SHORT_LIST = 128, 1024


def encode_flow(flow: FlowSnapshot) -> bytes:
    """One flow as it stands in a flow file. Raises Uncanonical for metadata that is not JSON."""
    return b"".join(flow_parts(flow))


def flow_parts(flow: FlowSnapshot) -> list[bytes]:
    """The same in pieces, to be joined with those of other flows: bodies are copied once. Raises Uncanonical."""
    asked, answered = flow.request, flow.response
    head, tail = _request(asked)
    parts = [b"", b"9:websocket;0:~8:response;0:~7:request;", head, asked.body or b"", tail, _about(flow), b"}"]
    if answered is not None:
        head, tail = _response(answered)
        parts[1:2] = b"9:websocket;0:~8:response;", head, answered.body or b"", tail, b"7:request;"
    parts[0] = b"%d:" % (sum(map(len, parts)) - 1)
    return parts


def _about(flow: FlowSnapshot) -> bytes:
    """What stands behind the request."""
    error = mapping(b"9:timestamp;%b3:msg;%b" % (real(flow.error_at), text(flow.error))) if flow.error else NONE
    created, name = b"%a" % float(flow.created), flow.id.encode("utf-8", "backslashreplace")
    return (
        b"6:backup;0:~17:timestamp_created;%d:%b^7:comment;%b8:metadata;%b6:marked;%b9:is_replay;0:~11:intercepted;"
        b"5:false!11:server_conn;%b11:client_conn;%b5:error;%b2:id;%d:%b;4:type;4:http;7:version;2:21#"
        % (
            len(created),
            created,
            brief_text(flow.comment),
            _metadata(flow.metadata),
            brief_text(flow.marked),
            _side(flow.server, _servers, _server),
            _side(flow.client, _clients, _client),
            error,
            len(name),
            name,
        )
    )


def _request(request: RequestSnapshot) -> tuple[bytes, bytes]:
    """What stands before and behind its body."""
    target = _target(request.authority, request.scheme, request.method, request.port, request.host)
    return _around(b"4:path;%b%b" % (octets(request.path), target), request)


def _response(response: ResponseSnapshot) -> tuple[bytes, bytes]:
    return _around(_status(response.reason, response.status), response)


def _around(first: bytes, message: RequestSnapshot | ResponseSnapshot) -> tuple[bytes, bytes]:
    body, trailers, ended = message.body, message.trailers, message.ended
    size = len(body) if body is not None else 0
    started, end = b"%a" % float(message.started), b"" if ended is None else b"%a" % float(ended)
    head = b"%b13:timestamp_end;%d:%b%b15:timestamp_start;%d:%b^8:trailers;%b7:content;%b" % (
        first,
        len(end),
        end,
        b"^" if end else b"~",
        len(started),
        started,
        NONE if trailers is None else _headers(trailers),
        NONE if body is None else b"%d:" % size,
    )
    tail = b"%b7:headers;%b12:http_version;%b}" % (
        b"" if body is None else b",",
        _lists.get(message.headers) or _listed(message.headers),
        _VERSIONS.get(message.http_version) or octets(message.http_version),
    )
    return b"%d:%b" % (len(head) + size + len(tail) - 1, head), tail


def _listed(fields: Fields) -> bytes:
    """The headers of a message, remembered: many have the same ones as another before."""
    found = _headers(fields)
    if len(found) <= _SHORT_LIST:
        if len(_lists) >= _CACHED_LISTS:
            _lists.clear()
        _lists[fields] = found
    return found


_lists: dict[Fields, bytes] = {}
_VERSIONS: dict[Raw, bytes] = {version: octets(version) for version in (b"HTTP/1.1", b"HTTP/2.0", b"HTTP/1.0")}


def _headers(fields: Iterable[tuple[str | bytes, str | bytes]]) -> bytes:
    return sequence([_known(pair) if len(pair[0]) + len(pair[1]) <= _SHORT else _field(pair) for pair in fields])


def _field(pair: tuple[str | bytes, str | bytes]) -> bytes:
    return sequence((octets(pair[0]), octets(pair[1])))


_known = lru_cache(maxsize=_CACHED_FIELDS)(_field)
"""Most headers of an exchange were in the one before, too."""


def _target(authority: Raw, scheme: Raw, method: Raw, port: int, host: str) -> bytes:
    """Where a request goes: the same few places again and again."""
    short = len(authority) + len(scheme) + len(method) + len(host) <= _SHORT
    return (_placed if short else _placed.__wrapped__)(authority, scheme, method, port, host)


@lru_cache(maxsize=_CACHED_CONNECTIONS)
def _placed(authority: Raw, scheme: Raw, method: Raw, port: int, host: str) -> bytes:
    return b"9:authority;%b6:scheme;%b6:method;%b4:port;%b4:host;%b" % (
        octets(authority), octets(scheme), octets(method), integer(port), text(host),
    )  # fmt: skip


@lru_cache(maxsize=_CACHED_CONNECTIONS)
def _status(reason: Raw, status: int) -> bytes:
    return b"6:reason;%b11:status_code;%b" % (octets(reason), integer(status))


def _metadata(data: Mapping[str, JSON]) -> bytes:
    """Sorted, as `plain` does it; nearly always short texts under our own names."""
    names = _in_order(tuple(data))
    found = []
    for name, written in names:
        value = data[name]
        if type(value) is not str:
            break
        raw = value.encode("utf-8", "backslashreplace")
        found.append(b"%b%d:%b;" % (written, len(raw), raw))
    if len(found) < len(data):
        return of_value(plain(data))
    return mapping(b"".join(found))


@lru_cache(maxsize=_CACHED_CONNECTIONS)
def _in_order(names: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    """Names of ASCII, sorted; none where one is not."""
    return tuple((name, text(name)) for name in sorted(names)) if all(map(str.isascii, names)) else ()


type _Known = dict[int, tuple[ConnectionSnapshot, bytes]]
_clients: _Known = {}
_servers: _Known = {}


def _side(connection: ConnectionSnapshot, known: _Known, encode: Callable[[ConnectionSnapshot], bytes]) -> bytes:
    """A connection carries many flows, which share one snapshot of it."""
    found = known.get(id(connection))
    if found is None or found[0] is not connection:
        if len(known) >= _CACHED_CONNECTIONS:
            known.clear()
        found = known[id(connection)] = connection, encode(connection)
    return found[1]


def _client(connection: ConnectionSnapshot) -> bytes:
    """mitmproxy demands both addresses and a start of a client's connection."""
    mode = connection.mode if _MODE.fullmatch(connection.mode) else "regular"
    started = 0.0 if connection.started is None else connection.started
    own = b"10:proxy_mode;" + text(mode) + b"8:mitmcert;" + NONE
    nobody = ("", 0)
    return mapping(own + _connection(connection, connection.peer or nobody, connection.local or nobody, started))


def _server(connection: ConnectionSnapshot) -> bytes:
    setup, address = moment(connection.connected), _address(connection.address)
    own = b"3:via;0:~19:timestamp_tcp_setup;%b7:address;%b" % (setup, address)
    return mapping(own + _connection(connection, connection.peer, connection.local, connection.started))


def _connection(
    connection: ConnectionSnapshot, peer: Address | None, local: Address | None, started: float | None
) -> bytes:
    version = connection.tls_version if connection.tls_version in _TLS_VERSIONS else ""
    parts = (
        b"19:timestamp_tls_setup;" + moment(connection.tls_setup),
        b"13:timestamp_end;" + moment(connection.ended),
        b"15:timestamp_start;" + moment(started),
        b"3:sni;" + word(connection.sni),
        b"11:tls_version;" + word(version),
        b"11:cipher_list;" + EMPTY_LIST,
        b"6:cipher;" + word(connection.cipher),
        b"11:alpn_offers;" + EMPTY_LIST,
        b"4:alpn;" + (NONE if connection.alpn is None else octets(connection.alpn)),
        b"16:certificate_list;" + EMPTY_LIST,
        b"3:tls;" + (TRUE if connection.tls else FALSE),
        b"5:error;" + word(connection.error),
        b"18:transport_protocol;3:tcp;",
        b"2:id;" + text(connection.id),
        b"8:sockname;" + _address(local),
        b"8:peername;" + _address(peer),
    )
    return b"".join(parts)


def _address(address: Address | None) -> bytes:
    return NONE if address is None else sequence((text(address[0]), integer(address[1])))
