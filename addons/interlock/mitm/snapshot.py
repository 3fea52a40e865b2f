"""Live flows -> immutable exchanges. Bodies are decoded here, by our own bounded decoders, never by mitmproxy's."""

from __future__ import annotations

from mitmproxy import http

from interlock.errors import BodyRejected
from interlock.mitm.call import Call
from interlock.mitm.products import Contained
from interlock.model import BodyState, Exchange, Side
from interlock.protocols.coding import decode_body
from interlock.reasons import Reason

__all__ = ["exchange_of_request", "exchange_of_response", "header_pairs", "snapshot_request"]


def header_pairs(headers: http.Headers) -> tuple[tuple[str, str], ...]:
    """Lower-case names with their values, in order."""
    return tuple(
        (name.decode("latin-1").lower(), value.decode("utf-8", "surrogateescape")) for name, value in headers.fields
    )


def exchange_of_request(flow: http.HTTPFlow, contained: Contained, limit: int) -> Exchange:
    """The whole request, decoded within `limit` bytes. Raises BodyRejected."""
    request = flow.request
    raw = request.raw_content
    if raw is None:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the request was streamed past the gateway")
    if len(raw) > limit:
        raise BodyRejected(Reason.BODY_TOO_LARGE)
    body = decode_body(raw, request.headers.get("content-encoding", ""), limit) if raw else b""
    return Exchange(
        side=Side.REQUEST,
        connection=contained.connection.name,
        method=request.method,
        origin=contained.origin,
        target=contained.target,
        headers=header_pairs(request.headers),
        body=body,
        state=BodyState.COMPLETE,
    )


def exchange_of_response(flow: http.HTTPFlow, request: Exchange, body: bytes, state: BodyState) -> Exchange:
    """An answer with its request; `body` is decoded."""
    response = flow.response
    status, headers = (response.status_code, header_pairs(response.headers)) if response is not None else (0, ())
    return Exchange(
        side=Side.RESPONSE,
        connection=request.connection,
        method=request.method,
        origin=request.origin,
        target=request.target,
        headers=headers,
        body=body,
        state=state,
        status=status,
        request=request,
    )


def snapshot_request(call: Call, flow: http.HTTPFlow) -> Exchange | None:
    """What is known of a request that is being refused, without its body unless that was read already."""
    contained = call.contained
    if contained is None:
        return None
    return Exchange(
        side=Side.REQUEST,
        connection=contained.connection.name,
        method=flow.request.method,
        origin=contained.origin,
        target=contained.target,
        headers=header_pairs(flow.request.headers),
        body=call.request_body,
        state=BodyState.COMPLETE if call.request_body else BodyState.UNREADABLE,
    )
