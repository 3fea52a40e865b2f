"""The Gemini API: generated content, streamed or not, token counts and embeddings.

Everything else of the API (files, caches, batches, live sessions) is plain HTTP and needs a rule for its path.
"""

from __future__ import annotations

import re
from typing import Final

from interlock.model import JSON, Access, Answer, Exchange, Operation, Refusal, Side
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import problem
from interlock.protocols.gemini_reader import GeminiReader
from interlock.protocols.gemini_request import ACTIONS, gemini_operation
from interlock.protocols.model_answers import google_answer
from interlock.protocols.protected_gemini import protected_gemini
from interlock.protocols.replies import Reads
from interlock.protocols.requests import method_of, require_document, require_object
from interlock.protocols.target import canonical_path
from interlock.settings import Connection

__all__ = ["PART", "operations"]

_PATH: Final = re.compile(r"/v1(?:beta|alpha)?/(?:tunedModels|models)/(?P<model>[^/:]+):(?P<method>[A-Za-z]+)\Z")
_MODELS: Final = re.compile(r"/v1(?:beta|alpha)?/models(?:/[^/:]+)?\Z")
_QUERY: Final = re.compile(r"(?:(?:\$?alt=(?:sse|json)|key=[A-Za-z0-9_.-]{0,200})(?:&|\Z))*\Z")


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`model.message`, `model.count-tokens`, `model.embed` or `model.list`; for any other request what http says."""
    path, method = canonical_path(exchange.target), method_of(exchange)
    if method == "GET" and _MODELS.match(path) and _QUERY.match(exchange.query):
        return (Operation("model", "list", path, Access.READ),)
    found = _spoken(exchange)
    if not found:
        return http.operations(exchange, connection, document, analyse)
    body = require_object(require_document(exchange, document), "the body")
    operation = gemini_operation(body, found["model"], found["method"])
    if _QUERY.match(exchange.query):
        return (operation,)
    # A query that no client sends might mean something to the server: it needs a rule for the path as well.
    return (http.http_operation(exchange, (operation,)),)


def _spoken(exchange: Exchange) -> re.Match[str] | None:
    found = _PATH.match(canonical_path(exchange.target))
    return found if found and method_of(exchange) == "POST" and found["method"] in ACTIONS else None


def _reads(exchange: Exchange, connection: Connection) -> bool:
    return _spoken(exchange) is not None or bool(http.command_places(exchange, connection))


def _reply(exchange: Exchange, connection: Connection) -> Reads | None:
    # A path that is nearly one is plain HTTP for the rules, and may be the same to the server.
    path = canonical_path(exchange.target).rstrip("/").lower()
    return GeminiReader if path.endswith("generatecontent") else None


def _refuse(exchange: Exchange | None, refusal: Refusal) -> Answer:
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    spoken = request is not None and (_PATH.match(request.path) or _MODELS.match(request.path))
    return google_answer(exchange, refusal) if spoken else problem(exchange, refusal)


PART = Adapter(
    name="gemini",
    reads=_reads,
    operations=operations,
    refuse=_refuse,
    reply=_reply,
    protected=protected_gemini,
    model=True,
)
