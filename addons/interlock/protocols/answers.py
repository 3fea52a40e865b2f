"""How a refusal looks in each protocol: it must end the agent's attempt at once and tell its model what to do.

What clients do with each status was measured with real ones: 400, 401, 429 and 5xx are tried again by model
clients, 451 is shown and ends the attempt; an MCP client hands the message of a JSON-RPC error to the model.
Every answer carries the reference that finds the event in the recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from interlock.model import JSON, Answer, Exchange, Refusal, Side
from interlock.protocols.body import encode_json
from interlock.reasons import Reason

__all__ = [
    "anthropic_error",
    "challenge",
    "is_identity",
    "json_answer",
    "jsonrpc_error",
    "problem",
    "proxy_challenge",
    "status_of",
    "ticket",
]

_REALM = 'realm="interlock"'
_PROBLEM = "application/problem+json"
_BODY = (Reason.BODY_TOO_LARGE, Reason.BODY_UNDECODABLE, Reason.BODY_UNPARSABLE, Reason.BODY_AMBIGUOUS)
_STATUS: Mapping[str, int] = MappingProxyType(
    {
        Reason.NOT_FOUND: 404,
        Reason.BODY_TOO_LARGE: 413,
        Reason.HOST_MISMATCH: 421,
        Reason.INTERNAL_ERROR: 500,
        **dict.fromkeys((Reason.BODY_UNDECODABLE, Reason.BODY_UNPARSABLE, Reason.BODY_AMBIGUOUS), 400),
        **dict.fromkeys((Reason.AMBIGUOUS_TARGET, Reason.DUPLICATE_HEADER, Reason.MALFORMED_REQUEST), 400),
        **dict.fromkeys((Reason.UPSTREAM_UNREACHABLE, Reason.CREDENTIAL_REJECTED), 502),
        **dict.fromkeys((Reason.PARTIAL_RESPONSE, Reason.STREAM_UNREADABLE), 502),
        **dict.fromkeys((Reason.NOT_READY, Reason.STAGE_MISSING, Reason.UNSAFE_OPTIONS), 503),
        **dict.fromkeys((Reason.CONNECTION_CLOSING, Reason.RECORDING_UNAVAILABLE, Reason.SECRET_UNAVAILABLE), 503),
        **dict.fromkeys((Reason.ISSUER_UNAVAILABLE, Reason.RULES_CHANGED), 503),
    }
)


def is_identity(reason: str) -> bool:
    """Whether the reason says that no principal was proved, so that another token may help."""
    return reason.startswith("token-") or reason == Reason.CERTIFICATE_REFUSED


def status_of(reason: str, *, response: bool = False) -> int:
    """The HTTP status for a refusal; 403 unless another one says more. `response`: it is the upstream's answer that
    is refused, so the fault is not the client's.
    """
    if response and reason in _BODY:
        return 502
    return _STATUS.get(reason, 403)


def problem(exchange: Exchange | None, refusal: Refusal) -> Answer:
    """Problem details (RFC 9457), or a 401 challenge where identity is missing and the connection stays open."""
    status = _status(exchange, refusal)
    return json_answer(exchange, refusal, status, _details(refusal, status), kind=_PROBLEM)


def anthropic_error(exchange: Exchange | None, refusal: Refusal, status: int) -> Answer:
    """The error shape of the Messages API, which its clients show word for word."""
    types = {401: "authentication_error", 404: "not_found_error"}
    error: dict[str, JSON] = {
        "type": types.get(status, "permission_error"),
        "message": refusal.sentence(),
    }
    body: dict[str, JSON] = {"type": "error", "error": error, "request_id": refusal.reference, **ticket(refusal)}
    return json_answer(exchange, refusal, status, body, extra=(("x-should-retry", "false"),))


def jsonrpc_error(identifier: JSON, refusal: Refusal) -> dict[str, JSON]:
    """One JSON-RPC 2.0 error object. Codes: -32700 unreadable, -32600 ambiguous, -32001 refused."""
    codes: dict[str, int] = {Reason.BODY_UNPARSABLE: -32700, Reason.BODY_AMBIGUOUS: -32600}
    data: dict[str, JSON] = {"reason": refusal.reason, "reference": refusal.reference, **ticket(refusal)}
    if refusal.place:
        data["place"] = refusal.place
    error: dict[str, JSON] = {
        "code": codes.get(refusal.reason, -32001),
        "message": refusal.sentence(),
        "data": data,
    }
    return {"jsonrpc": "2.0", "id": identifier, "error": error}


def challenge(refusal: Refusal) -> tuple[tuple[str, str], ...]:
    """The headers of a 401: what to present (RFC 6750), and that trying again unchanged is in vain."""
    return (("www-authenticate", _bearer(refusal)), ("x-should-retry", "false"))


def proxy_challenge(refusal: Refusal) -> Answer:
    """A 407 for a forward proxy's client, on CONNECT or on a plain request. Basic stands first: git and others send
    what the proxy URL holds only after having seen it.
    """
    offered = (("proxy-authenticate", f'Basic {_REALM}, charset="UTF-8"'), ("proxy-authenticate", _bearer(refusal)))
    return json_answer(None, refusal, 407, _details(refusal, 407), kind=_PROBLEM, extra=offered)


def json_answer(
    exchange: Exchange | None,
    refusal: Refusal,
    status: int,
    body: JSON,
    *,
    kind: str = "application/json",
    extra: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """An answer with a JSON body, the reference in a header, and the challenge that a 401 needs."""
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    headers = [("content-type", kind), ("cache-control", "no-store")]
    if refusal.reference:
        headers.append(("interlock-reference", _printable(refusal.reference)))
    headers += [header for header in extra if status != HTTPStatus.UNAUTHORIZED]
    if status == HTTPStatus.UNAUTHORIZED:
        headers += challenge(refusal)
    bare = request is not None and request.method == "HEAD"
    return Answer(status, tuple(headers), b"" if bare else encode_json(body))


def _status(exchange: Exchange | None, refusal: Refusal) -> int:
    if is_identity(refusal.reason) and not refusal.closing:
        return 401
    return status_of(refusal.reason, response=exchange is not None and exchange.side is Side.RESPONSE)


def _details(refusal: Refusal, status: int) -> dict[str, JSON]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": refusal.sentence(),
        "reason": refusal.reason,
        "reference": refusal.reference,
        **ticket(refusal),
    }


def ticket(refusal: Refusal) -> dict[str, JSON]:
    """The member that tells how an approval stands, where a person is asked."""
    return {"approval": dict(refusal.approval)} if refusal.approval else {}


def _bearer(refusal: Refusal) -> str:
    if refusal.reason == Reason.TOKEN_MISSING:
        return f"Bearer {_REALM}"
    described = _printable(refusal.message).replace("\\", "").replace('"', "'")
    return f'Bearer {_REALM}, error="invalid_token", error_description="{described}"'


def _printable(text: str) -> str:
    """Text for a header's value: ASCII, no control characters."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)
