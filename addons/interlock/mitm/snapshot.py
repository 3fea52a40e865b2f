"""Live flows -> immutable exchanges. Bodies are decoded here, by our own bounded decoders, never by mitmproxy's."""

from __future__ import annotations

from collections.abc import Iterable

from mitmproxy import http

from interlock.errors import BodyRejected
from interlock.mitm.call import Call
from interlock.mitm.header_fields import Fields, fields_of, lowered, named, pairs
from interlock.mitm.products import Contained
from interlock.model import BodyState, Exchange, Side
from interlock.protocols.coding import decode_body
from interlock.reasons import Reason

__all__ = [
    "exchange_of_request",
    "exchange_of_response",
    "header_list",
    "headers_of",
    "is_signed",
    "judged",
    "kind_of_request",
    "snapshot_request",
    "to_headers",
]


def header_list(message: http.Message) -> list[tuple[str, str]]:
    """Names and values as text, in order and as spelled; bytes outside UTF-8 survive as surrogates."""
    return list(pairs(message.headers.fields))


def to_headers(listed: Iterable[tuple[str, str]]) -> http.Headers:
    """The reverse of `header_list`."""
    return headers_of(fields_of(listed))


def headers_of(fields: Fields) -> http.Headers:
    """Headers that hold these fields; what the constructor would check for each of them holds for ours."""
    headers = http.Headers.__new__(http.Headers)
    headers.fields = fields
    return headers


def _lowered(message: http.Message) -> tuple[tuple[str, str], ...]:
    return lowered(message.headers.fields)


def exchange_of_request(flow: http.HTTPFlow, contained: Contained, limit: int) -> Exchange:
    """The whole request, decoded within `limit` bytes. Raises BodyRejected."""
    request = flow.request
    raw = request.raw_content
    if raw is None:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the request was streamed past the gateway")
    if len(raw) > limit:
        raise BodyRejected(Reason.BODY_TOO_LARGE)
    body = decode_body(raw, named(request.headers.fields).get("content-encoding", ""), limit) if raw else b""
    return Exchange(
        side=Side.REQUEST,
        connection=contained.connection.name,
        method=request.method,
        origin=contained.origin,
        target=contained.target,
        headers=_lowered(request),
        body=body,
        state=BodyState.COMPLETE,
    )


def exchange_of_response(flow: http.HTTPFlow, request: Exchange, body: bytes, state: BodyState) -> Exchange:
    """An answer with its request; `body` is decoded."""
    response = flow.response
    status, headers = (response.status_code, _lowered(response)) if response is not None else (0, ())
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
        headers=_lowered(flow.request),
        body=call.request_body,
        state=BodyState.COMPLETE if call.request_body else BodyState.UNREADABLE,
    )


def judged(call: Call, flow: http.HTTPFlow) -> Exchange | None:
    """The request as it was judged; without a stage that reads bodies, what its head says."""
    if call.decided is not None:
        return call.decided.exchange
    return call.plain_exchange or snapshot_request(call, flow)


def is_signed(exchange: Exchange) -> bool:
    """Whether the agent signed the request with its body (AWS Signature Version 4): masked, it would not be taken."""
    signed = exchange.header("authorization").lstrip().upper().startswith("AWS4-")
    return signed or "x-amz-signature=" in exchange.query.lower()


def kind_of_request(call: Call) -> str:
    """The media type that a request says its body is of, in lower case; empty where it says none."""
    exchange = call.decided.exchange if call.decided is not None else call.plain_exchange
    return exchange.header("content-type").partition(";")[0].strip().lower() if exchange is not None else ""
