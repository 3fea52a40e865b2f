"""The OpenAI API and what speaks like it: chat completions, Responses, text completions, embeddings, models.

Paths may stand below a deployment, as Azure has them. Everything else of the API (files, batches, assistants,
realtime) is plain HTTP: it stores things at the provider, or lets them run there, and needs a rule for its path.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from interlock.model import JSON, Access, Answer, Exchange, Operation, Refusal, Side
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import problem
from interlock.protocols.model_answers import openai_answer
from interlock.protocols.openai_reader import ChatReader, ResponsesReader
from interlock.protocols.openai_request import (
    chat_operation,
    completion_operation,
    embedding_operation,
    responses_operation,
)
from interlock.protocols.protected_openai import protected_openai
from interlock.protocols.replies import Reads
from interlock.protocols.requests import Member, method_of, require_document, require_object
from interlock.protocols.target import canonical_path
from interlock.settings import Connection

__all__ = ["PART", "operations"]

_PATH: Final = re.compile(
    r"(?:/api)?(?:/openai)?(?:/v1(?:beta)?)?(?:/openai)?(?:/deployments/(?P<model>[^/]+))?"
    r"/(?P<what>chat/completions|responses|completions|embeddings|models)(?P<rest>/[^/]+)?\Z"
)
_QUERY: Final = re.compile(r"(?:api-version=[A-Za-z0-9.-]{1,40})?\Z")
_SPOKEN: Mapping[str, Callable[[Member, str], Operation]] = {
    "chat/completions": chat_operation,
    "responses": responses_operation,
    "completions": completion_operation,
    "embeddings": embedding_operation,
}


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`model.message`, `model.embed` or `model.list`; for any other request what http says."""
    found, method = _PATH.match(canonical_path(exchange.target)), method_of(exchange)
    if found and method == "GET" and found["what"] == "models" and not exchange.query:
        return (Operation("model", "list", found[0], Access.READ),)
    if not found or not _speaks(exchange):
        return http.operations(exchange, connection, document, analyse)
    body = require_object(require_document(exchange, document), "the body")
    operation = _SPOKEN[found["what"]](body, found["model"] or "")
    if _QUERY.match(exchange.query):
        return (operation,)
    # A query that no client sends might mean something to the server: it needs a rule for the path as well.
    return (http.http_operation(exchange, (operation,)),)


def _speaks(exchange: Exchange) -> bool:
    found = _PATH.match(canonical_path(exchange.target))
    return bool(found and method_of(exchange) == "POST" and not found["rest"] and found["what"] in _SPOKEN)


def _reads(exchange: Exchange, connection: Connection) -> bool:
    return _speaks(exchange) or bool(http.command_places(exchange, connection))


def _reply(exchange: Exchange, connection: Connection) -> Reads | None:
    """Answers, and those that were stored and are asked for again."""
    # A path that is nearly one is plain HTTP for the rules, and may be the same to the server.
    found = _PATH.match(canonical_path(exchange.target).rstrip("/").lower())
    if not found or exchange.method not in ("POST", "GET") or (exchange.method == "GET" and not found["rest"]):
        return None
    if found["what"] == "responses":
        return ResponsesReader
    return ChatReader if found["what"] in ("chat/completions", "completions") else None


def _refuse(exchange: Exchange | None, refusal: Refusal) -> Answer:
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    if request is None or not _PATH.match(request.path):
        return problem(exchange, refusal)
    return openai_answer(exchange, refusal)


PART = Adapter(
    name="openai",
    reads=_reads,
    operations=operations,
    refuse=_refuse,
    reply=_reply,
    protected=protected_openai,
    model=True,
)
