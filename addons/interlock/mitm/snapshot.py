"""Live flows -> immutable exchanges. Bodies are decoded here, by our own bounded decoders, never by mitmproxy's."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from mitmproxy import http

from interlock.errors import BodyRejected
from interlock.mitm.call import Call
from interlock.mitm.products import Contained
from interlock.model import BodyState, Exchange, Side
from interlock.protocols.coding import decode_body
from interlock.reasons import Reason

__all__ = ["exchange_of_request", "exchange_of_response", "header_list", "snapshot_request", "to_headers"]


def header_list(message: http.Message) -> list[tuple[str, str]]:
    """Names and values as text, in order and as spelled; bytes outside UTF-8 survive as surrogates."""
    return list(_decoded(message.headers.fields))


@functools.lru_cache(maxsize=512)
def _decoded(fields: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    """The same heads come again and again, and several times in one request."""
    return tuple((_text(name), _text(value)) for name, value in fields)


@functools.lru_cache(maxsize=512)
def _lowered_fields(fields: tuple[tuple[bytes, bytes], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), value) for name, value in _decoded(fields))


def to_headers(pairs: Iterable[tuple[str, str]]) -> http.Headers:
    """The reverse of `header_list`."""
    headers = http.Headers()
    # what the constructor would check for every field holds for ours
    headers.fields = tuple((_octets(name), _octets(value)) for name, value in pairs)
    return headers


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _lowered(message: http.Message) -> tuple[tuple[str, str], ...]:
    return _lowered_fields(message.headers.fields)


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
