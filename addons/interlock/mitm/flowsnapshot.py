"""A flow as the flow file shows it: masked bodies, headers without credentials, the decision as comment and marker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mitmproxy import connection, http

from interlock.credentials.strip import is_credential_header, strip_query
from interlock.mitm.call import Call
from interlock.recording import ConnectionSnapshot, FlowSnapshot, RequestSnapshot, ResponseSnapshot

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["take"]


def take(services: Services, call: Call, flow: http.HTTPFlow) -> FlowSnapshot:
    """The snapshot, with the `recordings` masks applied to both bodies."""
    metadata: dict[str, object] = {"interlock_reference": call.reference}
    decided = call.decided
    if decided is not None:
        metadata["interlock_subject"] = decided.authenticated.principal.subject
        metadata["interlock_decision"] = decided.decision.effect.name.lower()
        metadata["interlock_rule"] = decided.decision.rule
    return FlowSnapshot(
        id=flow.id,
        request=_request(services, call, flow),
        response=_response(services, call, flow),
        client=_client(flow.client_conn),
        server=_server(flow.server_conn),
        error="" if flow.error is None else "ended without an answer",
        error_at=0.0 if flow.error is None else flow.error.timestamp,
        comment=flow.comment,
        marked=flow.marked,
        metadata=metadata,  # type: ignore[arg-type]
        created=flow.timestamp_created,
    )


def _request(services: Services, call: Call, flow: http.HTTPFlow) -> RequestSnapshot:
    request = flow.request
    body = call.masked.body if call.masked is not None else call.request_body
    return RequestSnapshot(
        method=request.method,
        scheme=request.scheme,
        host=request.host,
        port=request.port,
        path=strip_query(call.shown_target or "/"),
        authority=request.authority,
        http_version=request.http_version,
        headers=_headers(request.headers, len(body)),
        body=services.masks.recorded(call, body, request=True),
        started=request.timestamp_start,
        ended=request.timestamp_end,
    )


def _response(services: Services, call: Call, flow: http.HTTPFlow) -> ResponseSnapshot | None:
    response = flow.response
    if response is None:
        return None
    body = call.reply_body
    return ResponseSnapshot(
        status=response.status_code,
        reason=response.reason,
        http_version=response.http_version,
        headers=_headers(response.headers, None),
        body=None if body is None else services.masks.recorded(call, body, request=False),
        started=response.timestamp_start,
        ended=response.timestamp_end,
    )


def _headers(headers: http.Headers, length: int | None) -> tuple[tuple[bytes, bytes], ...]:
    kept = []
    for name, value in headers.fields:
        lowered = name.decode("latin-1").lower()
        if is_credential_header(lowered) or lowered == "set-cookie":
            continue
        kept.append((name, str(length).encode() if lowered == "content-length" and length is not None else value))
    return tuple(kept)


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
