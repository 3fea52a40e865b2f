"""The Anthropic Messages API: what a request asks of the model and its provider, and what a reply makes the agent run.

Tools that run at the provider (web search, code execution, MCP connectors, sources it fetches by URL) reach the
network from there, past every proxy: each is an operation of its own, nested in the message that asks for it.
"""

from __future__ import annotations

import re
from typing import Final

from interlock.model import JSON, Access, Answer, Exchange, Operation, Refusal, Side
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import anthropic_error, is_identity, problem, status_of
from interlock.protocols.messages import batch_operation, header_betas, message_operation
from interlock.protocols.messages_reader import BatchReader, MessagesReader
from interlock.protocols.protected import protected
from interlock.protocols.replies import Reads
from interlock.protocols.requests import method_of, require_document, require_object
from interlock.protocols.target import canonical_path
from interlock.settings import Connection

__all__ = ["PART", "operations"]

_MESSAGES: Final = "/v1/messages"
_COUNT: Final = "/v1/messages/count_tokens"
_BATCHES: Final = "/v1/messages/batches"
_RESULTS: Final = re.compile(r"/v1/messages/batches/[^/]+/results\Z")
_STARTUP: Final = "/api/claude_code/"


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`model.message`, `model.count-tokens`, `model.batch` or `model.list`; for any other request what http says."""
    path, method = canonical_path(exchange.target), method_of(exchange)
    if method == "GET" and (path == "/v1/models" or path.startswith("/v1/models/")):
        return (Operation("model", "list", path, Access.READ),)
    if not _speaks(method, path):
        return http.operations(exchange, connection, document, analyse)
    body = require_object(require_document(exchange, document), "the body")
    betas = header_betas(exchange)
    found = batch_operation(body, betas) if path == _BATCHES else message_operation(body, betas, (), _action(path))
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
    # A path that is nearly one is plain HTTP for the rules, and may be the same to the server.
    path = canonical_path(exchange.target).rstrip("/").lower()
    if exchange.method == "POST" and path == _MESSAGES:
        return MessagesReader
    return BatchReader if _RESULTS.match(path) else None


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
