"""The Anthropic Messages API: what a request asks of the model and its provider, and what a reply makes the agent run.

Tools that run at the provider (web search, code execution, MCP connectors, sources it fetches by URL) reach the
network from there, past every proxy: each is an operation of its own, nested in the message that asks for it.
"""

from __future__ import annotations

from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Answer, Exchange, Operation, Refusal, Side
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import anthropic_error, is_identity, problem, status_of
from interlock.protocols.messages_reader import MessagesReader
from interlock.protocols.protected import protected
from interlock.protocols.provider import provider_operations
from interlock.protocols.replies import Reads
from interlock.protocols.requests import Member, method_of, require_document, require_object
from interlock.protocols.target import canonical_path
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["PART", "operations"]

_MESSAGES: Final = "/v1/messages"
_COUNT: Final = "/v1/messages/count_tokens"
_BATCHES: Final = "/v1/messages/batches"
_STARTUP: Final = "/api/claude_code/"
_MAX_ITEMS = 100_000


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`model.message`, `model.count-tokens`, `model.batch` or `model.list`; for any other request what http says."""
    path, method = canonical_path(exchange.target), method_of(exchange)
    if method == "GET" and (path == "/v1/models" or path.startswith("/v1/models/")):
        return (Operation("model", "list", path, Access.READ),)
    if not _speaks(method, path):
        return http.operations(exchange, connection, document, analyse)
    body = require_object(require_document(exchange, document), "the body")
    found = _batch(body, exchange) if path == _BATCHES else _message(body, _betas(exchange), (), _action(path))
    if exchange.query in ("", "beta=true"):
        return (found,)
    # A query that no client sends might mean something to the server: it needs a rule for the path as well.
    return (http.http_operation(exchange, (found,)),)


def _speaks(method: str, path: str) -> bool:
    return method == "POST" and path in (_MESSAGES, _COUNT, _BATCHES)


def _action(path: str) -> str:
    return "count-tokens" if path == _COUNT else "message"


def _reads(exchange: Exchange, connection: Connection) -> bool:
    spoken = _speaks(method_of(exchange), canonical_path(exchange.target))
    return spoken or bool(http.command_places(exchange, connection))


def _reply(exchange: Exchange, connection: Connection) -> Reads | None:
    messages = exchange.method == "POST" and canonical_path(exchange.target) == _MESSAGES
    return MessagesReader if messages else None


def _message(body: Member, betas: list[JSON], at: Location, action: str) -> Operation:
    """One message to the model. Raises BodyRejected for a body that is none."""
    model = body.get("model")
    messages = body.get("messages")
    stream = body.get("stream", False)
    if type(model) is not str or type(messages) is not list or type(stream) is not bool:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not a message to a model")
    named = body.get("anthropic_beta", body.get("betas", []))
    arguments: dict[str, JSON] = {
        "model": model,
        "max_tokens": body.get("max_tokens"),
        "stream": stream,
        "system": bool(body.get("system")),
        "betas": betas + _list(named, "betas"),
    }
    nested = provider_operations(body, at)
    return Operation("model", action, model, Access.READ, arguments, place=pointer(at), nested=nested)


def _batch(body: Member, exchange: Exchange) -> Operation:
    items = _list(body.get("requests"), "the batch's requests")
    if not items or len(items) > _MAX_ITEMS:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the batch holds no requests, or too many")
    betas = _betas(exchange)
    nested = []
    for index, item in enumerate(items):
        at = ("requests", index, "params")
        params = require_object(require_object(item, "a batch's request").get("params"), "a request's params")
        nested.append(_message(params, betas, at, "message"))
    return Operation("model", "batch", "", Access.WRITE, {"requests": len(items)}, nested=tuple(nested))


def _betas(exchange: Exchange) -> list[JSON]:
    values = (value for name, value in exchange.headers if name == "anthropic-beta")
    return [beta.strip() for value in values for beta in value.split(",") if beta.strip()]


def _list(value: JSON, what: str) -> list[JSON]:
    if type(value) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"{what} must be a list")
    return value


def _refuse(exchange: Exchange | None, refusal: Refusal) -> Answer:
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    path = request.path if request else ""
    if request and request.method == "GET" and path.startswith(_STARTUP):
        return anthropic_error(exchange, refusal, 404)
    if not path.startswith("/v1/"):
        return problem(exchange, refusal)
    if is_identity(refusal.reason) and not refusal.closing:
        return anthropic_error(exchange, refusal, 401)
    if path == _MESSAGES or path.startswith(f"{_MESSAGES}/"):
        return anthropic_error(exchange, refusal, 451)
    answered = exchange is not None and exchange.side is Side.RESPONSE
    return anthropic_error(exchange, refusal, status_of(refusal.reason, response=answered))


PART = Adapter(
    name="anthropic",
    reads=_reads,
    operations=operations,
    refuse=_refuse,
    reply=_reply,
    protected=protected,
    model=True,
)
