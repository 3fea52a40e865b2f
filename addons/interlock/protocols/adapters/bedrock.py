"""Amazon Bedrock's `invoke` for bodies of the Messages API: the model stands in the path, streams come in AWS frames.

Any other body or path (other makers' models, `converse`, agents) is plain HTTP and needs a rule for its path. Let the
gateway supply a Bedrock API key (`credential: {scheme: bearer}`): a request that an agent signed itself (SigV4) has
another signature once its body is masked, so it is refused then.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from interlock.model import JSON, Answer, Exchange, Operation, Refusal, Side
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import problem
from interlock.protocols.bedrock_stream import BedrockReader
from interlock.protocols.messages import header_betas, message_operation
from interlock.protocols.model_answers import bedrock_answer
from interlock.protocols.protected import protected
from interlock.protocols.replies import Reads
from interlock.protocols.requests import method_of, require_document, require_object
from interlock.protocols.target import canonical_path
from interlock.settings import Connection

__all__ = ["PART", "operations"]

_PATH: Final = re.compile(r"/model/(?P<model>[^/]+)/(?P<what>invoke|invoke-with-response-stream)\Z")


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`model.message`; for any other request what http says."""
    found = _spoken(exchange)
    if not found:
        return http.operations(exchange, connection, document, analyse)
    body = require_object(require_document(exchange, document), "the body")
    if "anthropic_version" not in body:
        return (http.http_operation(exchange),)
    operation = message_operation(body, header_betas(exchange), (), model=unquote(found["model"]))
    # A query that no client sends might mean something to the server: it needs a rule for the path as well.
    return (http.http_operation(exchange, (operation,)),) if exchange.query else (operation,)


def _spoken(exchange: Exchange) -> re.Match[str] | None:
    return _PATH.match(canonical_path(exchange.target)) if method_of(exchange) == "POST" else None


def _reads(exchange: Exchange, connection: Connection) -> bool:
    return _spoken(exchange) is not None or bool(http.command_places(exchange, connection))


def _reply(exchange: Exchange, connection: Connection) -> Reads | None:
    # A path that is nearly one is plain HTTP for the rules, and may be the same to the server.
    path = canonical_path(exchange.target).rstrip("/").lower()
    return BedrockReader if exchange.method == "POST" and _PATH.match(path) else None


def _refuse(exchange: Exchange | None, refusal: Refusal) -> Answer:
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    if request is None or not request.path.startswith("/model/"):
        return problem(exchange, refusal)
    return bedrock_answer(exchange, refusal)


PART = Adapter(
    name="bedrock",
    reads=_reads,
    operations=operations,
    refuse=_refuse,
    reply=_reply,
    protected=protected,
    model=True,
)
