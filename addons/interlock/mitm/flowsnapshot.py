"""A flow as the flow file shows it: masked bodies, headers without credentials, the decision as comment and marker."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec
from mitmproxy import connection, http

from interlock.credentials.strip import is_credential_header, strip_query
from interlock.mitm.call import Call
from interlock.mitm.evidence import EFFECTS
from interlock.model import JSON, Effect
from interlock.recording import ConnectionSnapshot, FlowSnapshot, RequestSnapshot, ResponseSnapshot
from interlock.recording.timing import Timing, fitted

if TYPE_CHECKING:
    from interlock.mitm.masks import Masks
    from interlock.mitm.services import Services

__all__ = ["Seen", "seen", "take", "take_request"]

_MAX_REFUSED = 256 << 10
"""Bytes of a request's body that are kept when it was refused: nobody fills the disk with what does not pass."""


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What an exchange was when it ended, from which its snapshot is made: what becomes of the flow is not in it.

    `asked` and `answered` are the members of mitmproxy's messages, `sent` and `given` the bodies as they went on.
    """

    masks: Masks
    call: Call
    id: str
    created: float
    comment: str
    marked: str
    error_at: float | None
    client: connection.Client
    server: connection.Server
    asked: dict[str, Any]
    answered: dict[str, Any] | None
    sent: bytes
    given: bytes | None


def seen(services: Services, call: Call, flow: http.HTTPFlow) -> Seen:
    """The exchange as it is now."""
    error, response, asked = flow.error, flow.response, vars(flow.request.data).copy()
    asked["headers"] = asked["headers"].fields
    answered = None
    if response is not None:
        answered = vars(response.data).copy()
        answered["headers"] = answered["headers"].fields
    return Seen(
        services.masks,
        call,
        flow.id,
        flow.timestamp_created,
        flow.comment,
        flow.marked,
        None if error is None else error.timestamp,
        flow.client_conn,
        flow.server_conn,
        asked,
        answered,
        call.masked.body if call.masked is not None else call.request_body,
        call.reply_body,
    )


def take(told: Seen) -> FlowSnapshot:
    """The snapshot, with the `recordings` masks applied to both bodies."""
    call, decided = told.call, told.call.decided
    response = _response(told)
    timing: Timing = ()
    if call.reply_stream is not None and response is not None and told.given and response.body:
        timing = fitted(call.reply_stream.timing, told.given, response.body)
    metadata = _UNDECIDED
    if decided is not None:
        decision = decided.decision
        metadata = _metadata(decided.authenticated.principal.subject, decision.effect, decision.rule)
    client, server = _sides(told.client, told.server)
    return FlowSnapshot(
        id=told.id,
        request=take_request(told),
        response=response,
        client=client,
        server=server,
        error="" if told.error_at is None else "ended without an answer",
        error_at=told.error_at or 0.0,
        comment=told.comment,
        marked=told.marked,
        reference=call.reference,
        timing=timing,
        metadata=metadata,
        created=told.created,
    )


_UNDECIDED: Mapping[str, JSON] = MappingProxyType({})


@functools.lru_cache(maxsize=512)
def _metadata(subject: str, effect: Effect, rule: str) -> Mapping[str, JSON]:
    return MappingProxyType(
        {"interlock_decision": EFFECTS[effect], "interlock_rule": rule, "interlock_subject": subject}
    )


def take_request(told: Seen) -> RequestSnapshot:
    """The request alone."""
    call, asked, body = told.call, told.asked, told.sent
    kept = call.recorded is not None or len(body) <= _MAX_REFUSED
    return RequestSnapshot(
        method=asked["method"],
        scheme=asked["scheme"],
        host=asked["host"],
        port=asked["port"],
        path=strip_query(call.shown_target or "/"),
        authority=asked["authority"],
        http_version=asked["http_version"],
        headers=_sized(asked["headers"], len(body)),
        body=told.masks.recorded(call, body, request=True) if kept else None,
        started=asked["timestamp_start"],
        ended=asked["timestamp_end"],
    )


def _response(told: Seen) -> ResponseSnapshot | None:
    answered, body = told.answered, told.given
    if answered is None:
        return None
    return ResponseSnapshot(
        status=answered["status_code"],
        reason=answered["reason"],
        http_version=answered["http_version"],
        headers=_shown(answered["headers"]),
        body=None if body is None else told.masks.recorded(told.call, body, request=False),
        started=answered["timestamp_start"],
        ended=answered["timestamp_end"],
    )


@functools.lru_cache(maxsize=512)
def _shown(fields: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[bytes, bytes], ...]:
    """The headers without those that carry credentials."""
    return tuple(
        (name, value)
        for name, value in fields
        if not is_credential_header(name.decode("latin-1").lower()) and name.lower() != b"set-cookie"
    )


@functools.lru_cache(maxsize=512)
def _sized(fields: tuple[tuple[bytes, bytes], ...], length: int) -> tuple[tuple[bytes, bytes], ...]:
    """Those of a request; the length is that of the body as it was forwarded."""
    size = str(length).encode()
    return tuple((name, size if name.lower() == b"content-length" else value) for name, value in _shown(fields))


_MAX_KEPT = 1024
_kept: dict[tuple[str, str], tuple[object, object, object, object, tuple[ConnectionSnapshot, ConnectionSnapshot]]] = {}


def _sides(client: connection.Client, server: connection.Server) -> tuple[ConnectionSnapshot, ConnectionSnapshot]:
    """Connections carry many flows; what is shown of one changes when it is made, and when its TLS is set up."""
    index = client.id, server.id
    peer, address = client.peername, server.peername
    theirs, ours = client.timestamp_tls_setup, server.timestamp_tls_setup
    found = _kept.get(index)
    if (
        found is None
        or found[0] is not peer
        or found[1] is not address
        or found[2] is not theirs
        or found[3] is not ours
    ):
        if len(_kept) >= _MAX_KEPT:
            _kept.clear()
        found = _kept[index] = peer, address, theirs, ours, (_client(client), _server(server))
    return found[4]


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
