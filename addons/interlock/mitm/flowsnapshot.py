"""A flow as the flow file shows it: masked bodies, headers without credentials, the decision as comment and marker."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from mitmproxy import connection, http

from interlock.credentials.strip import is_credential_header, strip_query
from interlock.mitm.call import Call
from interlock.recording import ConnectionSnapshot, FlowSnapshot, RequestSnapshot, ResponseSnapshot
from interlock.recording.timing import STREAM, fitted

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["take"]

_MAX_REFUSED = 256 << 10
"""Bytes of a request's body that are kept when it was refused: nobody fills the disk with what does not pass."""


def take(services: Services, call: Call, flow: http.HTTPFlow) -> FlowSnapshot:
    """The snapshot, with the `recordings` masks applied to both bodies."""
    metadata: dict[str, object] = {"interlock_reference": call.reference}
    decided = call.decided
    if decided is not None:
        metadata["interlock_subject"] = decided.authenticated.principal.subject
        metadata["interlock_decision"] = decided.decision.effect.name.lower()
        metadata["interlock_rule"] = decided.decision.rule
    response = _response(services, call, flow)
    if call.reply_stream is not None and response is not None and call.reply_body and response.body:
        metadata[STREAM] = fitted(call.reply_stream.timing, call.reply_body, response.body)
    return FlowSnapshot(
        id=flow.id,
        request=_request(services, call, flow),
        response=response,
        client=_kept(flow.client_conn, _client),
        server=_kept(flow.server_conn, _server),
        error="" if flow.error is None else "ended without an answer",
        error_at=0.0 if flow.error is None else flow.error.timestamp,
        comment=flow.comment,
        marked=flow.marked,
        metadata=metadata,  # type: ignore[arg-type]
        created=flow.timestamp_created,
    )


def _request(services: Services, call: Call, flow: http.HTTPFlow) -> RequestSnapshot:
    data = flow.request.data
    body = call.masked.body if call.masked is not None else call.request_body
    kept = call.recorded is not None or len(body) <= _MAX_REFUSED
    return RequestSnapshot(
        method=data.method,
        scheme=data.scheme,
        host=data.host,
        port=data.port,
        path=strip_query(call.shown_target or "/"),
        authority=data.authority,
        http_version=data.http_version,
        headers=_sized(_shown(data.headers.fields), len(body)),
        body=services.masks.recorded(call, body, request=True) if kept else None,
        started=data.timestamp_start,
        ended=data.timestamp_end,
    )


def _response(services: Services, call: Call, flow: http.HTTPFlow) -> ResponseSnapshot | None:
    if flow.response is None:
        return None
    data = flow.response.data
    body = call.reply_body
    return ResponseSnapshot(
        status=data.status_code,
        reason=data.reason,
        http_version=data.http_version,
        headers=_shown(data.headers.fields),
        body=None if body is None else services.masks.recorded(call, body, request=False),
        started=data.timestamp_start,
        ended=data.timestamp_end,
    )


@functools.lru_cache(maxsize=512)
def _shown(fields: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[bytes, bytes], ...]:
    """The headers without those that carry credentials."""
    return tuple(
        (name, value)
        for name, value in fields
        if not is_credential_header(name.decode("latin-1").lower()) and name.lower() != b"set-cookie"
    )


def _sized(fields: tuple[tuple[bytes, bytes], ...], length: int) -> tuple[tuple[bytes, bytes], ...]:
    """The length is that of the body as it was forwarded."""
    size = str(length).encode()
    return tuple((name, size if name.lower() == b"content-length" else value) for name, value in fields)


_MAX_KEPT = 1024
_connections: dict[str, tuple[object, ConnectionSnapshot]] = {}


def _kept[C: connection.Connection](side: C, take_one: Callable[[C], ConnectionSnapshot]) -> ConnectionSnapshot:
    """A connection carries many flows; what is shown of it changes only while it is set up."""
    state = (side.peername, side.sockname, side.tls_version, side.alpn, side.sni)
    found = _connections.get(side.id)
    if found is None or found[0] != state:
        if len(_connections) >= _MAX_KEPT:
            _connections.clear()
        found = _connections[side.id] = (state, take_one(side))
    return found[1]


def _client(client: connection.Client) -> ConnectionSnapshot:
    return ConnectionSnapshot(
        id=client.id,
        peer=_address(client.peername),
        local=_address(client.sockname),
        mode=client.proxy_mode.type_name,
        tls=client.tls,
        tls_version=client.tls_version or "",
        alpn=client.alpn,
        cipher=client.cipher or "",
        sni=client.sni or "",
        started=client.timestamp_start,
    )


def _server(server: connection.Server) -> ConnectionSnapshot:
    return ConnectionSnapshot(
        id=server.id,
        peer=_address(server.peername),
        local=_address(server.sockname),
        address=_address(server.address),
        tls=server.tls,
        tls_version=server.tls_version or "",
        alpn=server.alpn,
        cipher=server.cipher or "",
        sni=server.sni or "",
        started=server.timestamp_start,
    )


def _address(address: object) -> tuple[str, int] | None:
    if isinstance(address, tuple) and len(address) >= 2:
        return str(address[0]), int(address[1])
    return None
