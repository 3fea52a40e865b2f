"""GraphQL over HTTP: each field at the top of each operation is what is asked of the server.

`graphql.query:orders`, `graphql.mutation:deleteOrder`, `graphql.subscription:ticks`; introspection is
`graphql.query:__schema`. A document stored at the server is `graphql.stored:<its id>`, of unknown access. Requests to
paths that look like no GraphQL endpoint, or with more in them than GraphQL over HTTP knows, are judged as plain HTTP
as well.
"""

from __future__ import annotations

import dataclasses

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Answer, Exchange, Operation, Refusal, Side
from interlock.model.places import changed, moved, settled
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.adapters import http
from interlock.protocols.answers import is_identity, json_answer, problem, ticket
from interlock.protocols.body import read_json
from interlock.protocols.commands import known_commands
from interlock.protocols.graphql_request import Request, requests_of
from interlock.protocols.overrides import methods_of
from interlock.protocols.placed import find_placed
from interlock.protocols.requests import Member, method_of
from interlock.protocols.sources import documents, places_for
from interlock.protocols.target import canonical_path
from interlock.settings import Connection

__all__ = ["PART", "operations"]

_ACCESS = {"query": Access.READ, "subscription": Access.READ, "mutation": Access.WRITE}
_ENDPOINTS = frozenset(("graphql", "gql"))
_JSON = "application/json"
_OWN = "application/graphql-response+json"


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """`graphql.*` operations, one a field; for what is not GraphQL, what http says. Raises BodyRejected."""
    method, path = method_of(exchange), canonical_path(exchange.target)
    endpoint = path == "/" or not _ENDPOINTS.isdisjoint(path.lower().split("/"))
    speaks = method == "POST" or (method == "GET" and not exchange.body)
    if not speaks or not (endpoint or _looks(exchange, document)) or (method == "GET" and not exchange.query):
        return http.operations(exchange, connection, document, analyse)
    requests = requests_of(exchange, document)
    dialect = next((place.dialect for place in connection.commands if place.language == "sql"), "")
    found = [operation for request in requests for operation in _asked(request, dialect, analyse)]
    found += _placed(exchange, connection, document, analyse)
    methods = methods_of(exchange, connection, document)
    beside = {name for request in requests for name in request.others}
    extra = bool(exchange.query) and method != "GET"
    if endpoint and not beside and not extra and len(methods) == 1:
        return tuple(found)
    carriers = tuple(http.http_operation(exchange, method=other) for other in methods[1:])
    return (http.http_operation(exchange, found), *carriers)


def _asked(request: Request, dialect: str, analyse: Analyse) -> list[Operation]:
    place = pointer(request.place)
    if not request.text:
        arguments: dict[str, JSON] = {"stored": request.stored, "variables": request.variables}
        return [
            Operation("graphql", f"stored:{request.stored}", request.stored, Access.UNKNOWN, arguments, place=place)
        ]
    from interlock.protocols.graphql_document import Asked, read_operations

    def operation(asked: Asked) -> Operation:
        arguments: dict[str, JSON] = {
            "field": asked.name,
            "operation": asked.operation,
            "arguments": dict(asked.arguments),
            "fields": list(asked.fields),
        }
        nested = known_commands(asked.name, dict(asked.arguments), at, dialect, analyse)
        for path, given in asked.below.items():
            nested += known_commands(path, dict(given), at, dialect, analyse)
        nested = tuple(one for inner in nested for one in _inside(inner, request.text, asked.name, at))
        access = _ACCESS[asked.kind]
        return Operation(
            "graphql", f"{asked.kind}:{asked.name}", asked.name, access, arguments, place=place, nested=nested
        )

    at: Location = (*request.place, "query")
    found = [operation(asked) for asked in read_operations(request.text, request.variables)]
    spoken = known_commands("", request.variables, (*request.place, "variables"), dialect, analyse)
    # Each server gives extensions a meaning of its own.
    beside = known_commands("", request.extensions, (*request.place, "extensions"), dialect, analyse)
    return [*found, *spoken, *beside]


def _inside(operation: Operation, document: str, field: str, at: Location) -> tuple[Operation, ...]:
    """An operation in an argument, where this stands in the document's text; without escapes, or else its field."""
    start = document.find(operation.text) if operation.text else -1
    placed = changed((operation,), lambda one: dataclasses.replace(one, place=pointer(at)))
    return moved(placed, start) if start >= 0 else settled(placed, max(document.find(field), 0))


def _placed(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> list[Operation]:
    """What `commands:` names beside what GraphQL says."""
    places = places_for(exchange, connection, (exchange.method,))
    if not places:
        return []
    read = documents(exchange, document, places)
    return [one for source, value in read.items() for one in find_placed(source, value, places, analyse).operations]


def _looks(exchange: Exchange, document: JSON) -> bool:
    """Whether a body could be taken for a GraphQL request although its path is no usual endpoint."""
    items = document if type(document) is list else [document]
    return any(type(item) is dict and "{" in str(item.get("query")) and type(item["query"]) is str for item in items)


def _reads(exchange: Exchange, connection: Connection) -> bool:
    kind = exchange.header("content-type").partition(";")[0].strip().lower()
    path = canonical_path(exchange.target).lower().split("/")
    told = method_of(exchange) == "POST" and (path == ["", ""] or not _ENDPOINTS.isdisjoint(path))
    return told and (kind.endswith("json") or not kind)


def _refuse(exchange: Exchange | None, refusal: Refusal) -> Answer:
    """GraphQL's own errors. With 200 where the client takes JSON: that is the status under which clients show them."""
    request = exchange.request if exchange and exchange.side is Side.RESPONSE else exchange
    if request is None or (is_identity(refusal.reason) and not refusal.closing):
        return problem(exchange, refusal)
    extensions: dict[str, JSON] = {
        "code": "FORBIDDEN",
        "reason": refusal.reason,
        "reference": refusal.reference,
        **ticket(refusal),
    }
    errors: Member = {"errors": [{"message": refusal.sentence(), "extensions": extensions}]}
    accept = request.header("accept").lower()
    if _OWN in accept and _JSON not in accept and "*/*" not in accept:
        return json_answer(exchange, refusal, problem(exchange, refusal).status, errors, kind=_OWN)
    count = _batched(request)
    return json_answer(exchange, refusal, 200, errors if count is None else [errors] * count)


def _batched(request: Exchange) -> int | None:
    """How many requests the body was a batch of; None for a single one, or a body nobody can read."""
    try:
        document = read_json(request.body)
    except BodyRejected:
        return None
    return len(document) if type(document) is list and 0 < len(document) <= 100 else None


PART = Adapter(name="graphql", reads=_reads, operations=operations, refuse=_refuse)
