"""Google's Vertex AI: Messages bodies for Anthropic's models, and generated content of Google's own.

The model stands in the path. Any other path (other makers' models, endpoints, agents) is plain HTTP and needs a rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from interlock.model import JSON, Answer, Exchange, Operation, Refusal, Side
from interlock.paths import Location
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import problem
from interlock.protocols.gemini_reader import GeminiReader
from interlock.protocols.gemini_request import ACTIONS, gemini_operation
from interlock.protocols.messages import header_betas, message_operation
from interlock.protocols.messages_reader import MessagesReader
from interlock.protocols.model_answers import google_answer
from interlock.protocols.protected import protected
from interlock.protocols.protected_gemini import protected_gemini
from interlock.protocols.replies import Reads
from interlock.protocols.requests import Member, method_of, require_document, require_object
from interlock.protocols.target import canonical_path
from interlock.settings import Connection

__all__ = ["PART", "operations"]

_PATH: Final = re.compile(
    r"/v1(?:beta1)?(?:/projects/[^/]+/locations/[^/]+)?/publishers/(?P<maker>anthropic|google)/models/"
    r"(?P<model>[^/:]+):(?P<method>[A-Za-z]+)\Z"
)
_QUERY: Final = re.compile(r"(?:\$?alt=(?:sse|json))?\Z")
_RAW: Final = ("rawPredict", "streamRawPredict")
_COUNT: Final = "count-tokens"


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`model.message`, `model.count-tokens` or `model.embed`; for any other request what http says."""
    found = _spoken(exchange)
    if not found:
        return http.operations(exchange, connection, document, analyse)
    body = require_object(require_document(exchange, document), "the body")
    if found["maker"] == "google":
        operation = gemini_operation(body, found["model"], found["method"])
    else:
        operation = _message(exchange, body, found["model"])
    if _QUERY.match(exchange.query):
        return (operation,)
    # A query that no client sends might mean something to the server: it needs a rule for the path as well.
    return (http.http_operation(exchange, (operation,)),)


def _message(exchange: Exchange, body: Member, model: str) -> Operation:
    betas = header_betas(exchange)
    if model == _COUNT:
        return message_operation(body, betas, (), _COUNT)
    return message_operation(body, betas, (), model=model)


def _spoken(exchange: Exchange) -> re.Match[str] | None:
    found = _PATH.match(canonical_path(exchange.target)) if method_of(exchange) == "POST" else None
    if found is None:
        return None
    return found if found["method"] in (_RAW if found["maker"] == "anthropic" else ACTIONS) else None


def _reads(exchange: Exchange, connection: Connection) -> bool:
    return _spoken(exchange) is not None or bool(http.command_places(exchange, connection))


def _reply(exchange: Exchange, connection: Connection) -> Reads | None:
    # A path that is nearly one is plain HTTP for the rules, and may be the same to the server.
    path = canonical_path(exchange.target).rstrip("/").lower()
    if path.endswith("rawpredict") and "/anthropic/" in path:
        return MessagesReader
    return GeminiReader if path.endswith("generatecontent") else None


def _protected(document: JSON) -> Callable[[Location], bool]:
    """By the document's own members: the two APIs share none of them."""
    google = type(document) is dict and any(name in document for name in ("contents", "candidates", "usageMetadata"))
    return protected_gemini(document) if google else protected(document)


def _refuse(exchange: Exchange | None, refusal: Refusal) -> Answer:
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    return google_answer(exchange, refusal) if request and _PATH.match(request.path) else problem(exchange, refusal)


PART = Adapter(
    name="vertex",
    reads=_reads,
    operations=operations,
    refuse=_refuse,
    reply=_reply,
    protected=_protected,
    model=True,
)
