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
    REFERENCE,
    Address,
    ConnectionSnapshot,
    Fields,
    FlowSnapshot,
    Raw,
    RequestSnapshot,
    ResponseSnapshot,
)
from interlock.recording.timing import STREAM
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
    """The same in pieces, so that nothing large is copied, and nothing twice. Raises Uncanonical."""
    asked, answered = flow.request, flow.response
    sent, given = asked.body or b"", b""
    target = _target(asked.authority, asked.scheme, asked.method, asked.port, asked.host)
    head, tail = _around(f"4:path;{octets(asked.path)}{target}", asked)
    first, middle = "9:websocket;0:~8:response;", f"7:request;{head}"
    if answered is None:
        first += NONE
    else:
        given = answered.body or b""
        head, behind = _around(_status(answered.reason, answered.status), answered)
        first, middle = first + head, behind + middle
    last, sides = tail + _about(flow), _sides(flow.server, flow.client)
    error = mapping(f"9:timestamp;{real(flow.error_at)}3:msg;{text(flow.error)}") if flow.error else NONE
    end = f"5:error;{error}2:id;{text(flow.id)}4:type;4:http;7:version;2:21#"
    size = len(first) + len(given) + len(middle) + len(sent) + len(last) + len(sides) + len(end)
    return [
        f"{size}:{first}".encode("latin-1"), given, middle.encode("latin-1"), sent, last.encode("latin-1"), sides,
        f"{end}}}".encode("latin-1"),
    ]  # fmt: skip


def _about(flow: FlowSnapshot) -> str:
    """What stands between the request and the connections."""
    return (
        f"6:backup;0:~17:timestamp_created;{real(flow.created)}7:comment;{brief_text(flow.comment)}"
        f"8:metadata;{_metadata(flow)}6:marked;{brief_text(flow.marked)}9:is_replay;0:~11:intercepted;5:false!"
    )


def _around(first: str, message: RequestSnapshot | ResponseSnapshot) -> tuple[str, str]:
    """What stands before and behind a message's body; `first` are the members that the two kinds do not share."""
    body, ended, started, trailers = message.body, message.ended, repr(float(message.started)), message.trailers
    size, content = (0, NONE) if body is None else (len(body), f"{len(body)}:")
    head = (
        f"{first}13:timestamp_end;{NONE if ended is None else real(ended)}15:timestamp_start;{len(started)}:{started}^"
        f"8:trailers;{NONE if trailers is None else _headers(trailers)}7:content;{content}"
    )
    tail = (
        f"{'' if body is None else ','}7:headers;{_listed(message.headers)}"
        f"12:http_version;{_VERSIONS.get(message.http_version) or octets(message.http_version)}}}"
    )
    return f"{len(head) + size + len(tail) - 1}:{head}", tail


def _listed(fields: Fields) -> str:
    """The headers of a message: many share one tuple of them."""
    known = _lists.get(id(fields))
    if known is not None and known[0] is fields:
        return known[1]
    found = _headers(fields)
    if len(found) <= _SHORT_LIST:
        if len(_lists) >= _CACHED_LISTS:
            _lists.clear()
        _lists[id(fields)] = fields, found
    return found


_lists: dict[int, tuple[Fields, str]] = {}
_VERSIONS: dict[Raw, str] = {version: octets(version) for version in (b"HTTP/1.1", b"HTTP/2.0", b"HTTP/1.0")}


def _headers(fields: Iterable[tuple[str | bytes, str | bytes]]) -> str:
    return sequence([_known(pair) if len(pair[0]) + len(pair[1]) <= _SHORT else _field(pair) for pair in fields])


def _field(pair: tuple[str | bytes, str | bytes]) -> str:
    return sequence((octets(pair[0]), octets(pair[1])))


_known = lru_cache(maxsize=_CACHED_FIELDS)(_field)
"""Most headers of an exchange were in the one before, too."""


def _target(authority: Raw, scheme: Raw, method: Raw, port: int, host: str) -> str:
    """Where a request goes: the same few places again and again."""
    short = len(authority) + len(scheme) + len(method) + len(host) <= _SHORT
    return (_placed if short else _placed.__wrapped__)(authority, scheme, method, port, host)


@lru_cache(maxsize=_CACHED_CONNECTIONS)
def _placed(authority: Raw, scheme: Raw, method: Raw, port: int, host: str) -> str:
    return (
        f"9:authority;{octets(authority)}6:scheme;{octets(scheme)}6:method;{octets(method)}4:port;{integer(port)}"
        f"4:host;{text(host)}"
    )


@lru_cache(maxsize=_CACHED_CONNECTIONS)
def _status(reason: Raw, status: int) -> str:
    return f"6:reason;{octets(reason)}11:status_code;{integer(status)}"


def _metadata(flow: FlowSnapshot) -> str:
    data = flow.metadata
    known = _known_metadata.get(id(data))
    if known is None or known[0] is not data:
        if len(_known_metadata) >= _CACHED_CONNECTIONS:
            _known_metadata.clear()
        members = [text(name) + of_value(value) for name, value in plain(dict(data)).items()]  # type: ignore[union-attr]
        known = data, "".join(members)
        if len(known[1]) <= _SHORT_LIST:
            _known_metadata[id(data)] = known
    own = f"{_REFERENCE}{text(flow.reference)}" if flow.reference else ""
    if flow.timing:
        own += text(STREAM) + sequence([sequence(map(integer, event)) for event in flow.timing])
    return mapping(own + known[1])


_REFERENCE = text(REFERENCE)
_known_metadata: dict[int, tuple[Mapping[str, JSON], str]] = {}
"""Many flows share one mapping."""


def _sides(server: ConnectionSnapshot, client: ConnectionSnapshot) -> bytes:
    """Both connections: they carry many flows, which share the snapshots of them."""
    index = id(server), id(client)
    found = _known_sides.get(index)
    if found is None or found[0] is not server or found[1] is not client:
        if len(_known_sides) >= _CACHED_CONNECTIONS:
            _known_sides.clear()
        written = f"11:server_conn;{_server(server)}11:client_conn;{_client(client)}".encode("latin-1")
        found = _known_sides[index] = server, client, written
    return found[2]


_known_sides: dict[tuple[int, int], tuple[ConnectionSnapshot, ConnectionSnapshot, bytes]] = {}


def _client(connection: ConnectionSnapshot) -> str:
    """mitmproxy demands both addresses and a start of a client's connection."""
    mode = connection.mode if _MODE.fullmatch(connection.mode) else "regular"
    started = 0.0 if connection.started is None else connection.started
    own = f"10:proxy_mode;{text(mode)}8:mitmcert;{NONE}"
    nobody = ("", 0)
    return mapping(own + _connection(connection, connection.peer or nobody, connection.local or nobody, started))


def _server(connection: ConnectionSnapshot) -> str:
    own = f"3:via;{NONE}19:timestamp_tcp_setup;{moment(connection.connected)}7:address;{_address(connection.address)}"
    return mapping(own + _connection(connection, connection.peer, connection.local, connection.started))


def _connection(
    connection: ConnectionSnapshot, peer: Address | None, local: Address | None, started: float | None
) -> str:
    version = connection.tls_version if connection.tls_version in _TLS_VERSIONS else ""
    return (
        f"19:timestamp_tls_setup;{moment(connection.tls_setup)}"
        f"13:timestamp_end;{moment(connection.ended)}"
        f"15:timestamp_start;{moment(started)}"
        f"3:sni;{word(connection.sni)}"
        f"11:tls_version;{word(version)}"
        f"11:cipher_list;{EMPTY_LIST}"
        f"6:cipher;{word(connection.cipher)}"
        f"11:alpn_offers;{EMPTY_LIST}"
        f"4:alpn;{NONE if connection.alpn is None else octets(connection.alpn)}"
        f"16:certificate_list;{EMPTY_LIST}"
        f"3:tls;{TRUE if connection.tls else FALSE}"
        f"5:error;{word(connection.error)}"
        "18:transport_protocol;3:tcp;"
        f"2:id;{text(connection.id)}"
        f"8:sockname;{_address(local)}"
        f"8:peername;{_address(peer)}"
    )


def _address(address: Address | None) -> str:
    return NONE if address is None else sequence((text(address[0]), integer(address[1])))
