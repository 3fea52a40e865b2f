"""The Model Context Protocol over Streamable HTTP, both eras: with sessions (2025-11-25) and without (2026-07-28).

The body is judged; headers that repeat it (`mcp-method`, `mcp-name`) must agree. A batch is judged item by item.
Requests to paths that look like no MCP endpoint are judged as plain HTTP as well: a JSON-RPC body sent to another
endpoint of the same host must not be taken for a tool call.
"""

from __future__ import annotations

from interlock.errors import BodyRejected
from interlock.model import JSON, Answer, Exchange, Operation, Refusal, Side
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import is_identity, json_answer, jsonrpc_error, problem
from interlock.protocols.body import read_json
from interlock.protocols.jsonrpc import identifiers, messages
from interlock.protocols.mcp_headers import check_headers, check_once
from interlock.protocols.mcp_methods import bare_operation, message_operation
from interlock.protocols.mcp_reader import McpReader
from interlock.protocols.protected_mcp import protected
from interlock.protocols.replies import Reads
from interlock.protocols.requests import method_of, require_document
from interlock.protocols.target import canonical_path
from interlock.settings import Connection

__all__ = ["PART", "operations"]


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`mcp.*` operations, one a JSON-RPC message; for what is not MCP, what http says. Raises BodyRejected."""
    method = method_of(exchange)
    check_once(exchange)
    endpoint = _is_endpoint(canonical_path(exchange.target))
    if method == "POST" and endpoint:
        return _judged(exchange, connection, require_document(exchange, document), analyse)
    if endpoint and method in ("GET", "DELETE") and not exchange.body:
        return (bare_operation(method),)
    carrier = http.operations(exchange, connection, document, analyse)
    if document is None:
        document = _perhaps(exchange)
    if not _is_rpc(document):
        return carrier
    nested = carrier[0].nested + _judged(exchange, connection, require_document(exchange, document), analyse)
    return (http.http_operation(exchange, nested),)


def _judged(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    found = messages(document)
    check_headers(exchange, found)
    places = http.command_places(exchange, connection)
    selected = {location: place for place in places for location, _ in place.path.select(document)}
    dialect = next((place.dialect for place in connection.commands if place.language == "sql"), "")
    return tuple(
        message_operation(message, location, analyse, dialect=dialect, places=selected) for location, message in found
    )


def _is_endpoint(path: str) -> bool:
    """Where MCP servers listen: the root, or below a segment called mcp."""
    return path == "/" or "mcp" in path.lower().split("/")


def _is_rpc(document: JSON) -> bool:
    items = document if type(document) is list else [document]
    return any(type(item) is dict and "jsonrpc" in {name.casefold() for name in item} for item in items)


def _perhaps(exchange: Exchange) -> JSON:
    try:
        return read_json(exchange.body) if exchange.body else None
    except BodyRejected:
        if b"jsonrpc" in exchange.body.lower():
            raise
        return None


def _reads(exchange: Exchange, connection: Connection) -> bool:
    spoken = method_of(exchange) == "POST" and _is_endpoint(canonical_path(exchange.target))
    return spoken or bool(http.command_places(exchange, connection))


def _reply(exchange: Exchange, connection: Connection) -> Reads | None:
    # Whatever the path and the method: a server's messages are no less such where nothing says that they come.
    return lambda treatment: McpReader(treatment, exchange)


def _refuse(exchange: Exchange | None, refusal: Refusal) -> Answer:
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    unproved = is_identity(refusal.reason) and not refusal.closing
    if request is None or request.method != "POST" or unproved:
        return problem(exchange, refusal)
    batch, ids = identifiers(request.body)
    if not ids:
        # No id can be echoed, so no client waits for this answer by id: the status has to say it.
        status = problem(exchange, refusal).status
        return json_answer(exchange, refusal, status, jsonrpc_error(None, refusal))
    errors: list[JSON] = [jsonrpc_error(identifier, refusal) for identifier in ids]
    return json_answer(exchange, refusal, 200, errors if batch else errors[0])


PART = Adapter(
    name="mcp",
    reads=_reads,
    operations=operations,
    refuse=_refuse,
    reply=_reply,
    protected=protected,
    volatile=(
        "$.id",
        "$.params._meta.progressToken",
        "$.params._meta['claudecode/toolUseId']",
    ),
)
