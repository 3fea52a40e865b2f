"""Plain HTTP: the method and the path are the operation; `commands:` say where a request holds commands.

A carrier is covered (needs no rule of its own) only when its body and its query hold nothing but the commands and what
`also:` lists, and at least one command was found: anything else could change what the commands mean. A request that
overrides its method is an operation of each method.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl

from interlock.errors import Refused
from interlock.model import JSON, Access, Exchange, Operation
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.answers import problem
from interlock.protocols.bulk import bulk_operations, is_bulk
from interlock.protocols.json_patch import PATCH, is_patch
from interlock.protocols.lines import read_lines
from interlock.protocols.overrides import methods_of
from interlock.protocols.placed import Found, find_changes, find_placed
from interlock.protocols.requests import ACCESS, method_of, require_document, require_whole
from interlock.protocols.sources import documents, places_for
from interlock.protocols.target import canonical_path
from interlock.reasons import Reason
from interlock.settings import CommandPlace, Connection

__all__ = ["PART", "command_places", "http_operation", "operations"]

_MAX_QUERY = 500
_FEW, _SHORT, _LONG, _MOST = 4, 256, 8192, 512
_KNOWN: dict[tuple[object, ...], Operation] = {}
"""Agents ask for the same again and again: what is made of an operation then is found by its identity."""


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """One `http.<method>` operation a method; in the first, the commands found where the connection says they lie."""
    methods = methods_of(exchange, connection, document)
    places = places_for(exchange, connection, methods)
    found = _found(exchange, document, places, analyse)
    covered = bool(places) and len(methods) == 1 and found.covers
    nested = (*found.operations, *_bulk(exchange))
    carrier = http_operation(exchange, nested, covered=covered)
    return (carrier, *(http_operation(exchange, method=method) for method in methods[1:]))


def http_operation(
    exchange: Exchange, nested: Iterable[Operation] = (), *, covered: bool = False, method: str = ""
) -> Operation:
    """The operation that a request is by its method (or another one that it may be taken for) and its path.

    Raises Refused as canonical_path does.
    """
    method, path = method or method_of(exchange), canonical_path(exchange.target)
    nested, query = tuple(nested), exchange.query
    if query or len(nested) > _FEW or len(path) > _SHORT or not all(0 < len(one.text) <= _LONG for one in nested):
        return _carrier(method, path, nested, covered, query)
    key = (method, path, covered, *map(id, nested))  # what is remembered holds these very operations
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = _carrier(method, path, nested, covered, "")
        if len(_KNOWN) > _MOST:
            _KNOWN.clear()
    return found


def _carrier(method: str, path: str, nested: tuple[Operation, ...], covered: bool, query: str) -> Operation:
    arguments: dict[str, JSON] = {"method": method, "path": path}
    if query:
        arguments["query"] = _query(query)
    access = ACCESS.get(method, Access.UNKNOWN)
    return Operation("http", method.lower(), path, access, arguments, nested=nested, covered=covered)


def command_places(exchange: Exchange, connection: Connection) -> Sequence[CommandPlace]:
    """The connection's `commands:` entries that speak of this request's body as JSON."""
    if not connection.commands:
        return ()
    return [place for place in places_for(exchange, connection, (method_of(exchange),)) if place.source == "json"]


def _found(exchange: Exchange, document: JSON, places: Sequence[CommandPlace], analyse: Analyse) -> Found:
    kind = exchange.header("content-type").partition(";")[0].strip().lower()
    if places:
        read = documents(exchange, document, places)
    elif kind == PATCH:
        read = {"json": require_document(exchange, document)}
    else:
        return Found((), False)
    parts = [
        find_changes(kind, http_operation(exchange), value, places, analyse)
        if source == "json" and is_patch(kind, value)
        else find_placed(source, value, places, analyse)
        for source, value in read.items()
    ]
    unread = (exchange.query and "query" not in read) or (exchange.body and read.keys() <= {"query"})
    nested = tuple(operation for part in parts for operation in part.operations)
    return Found(nested, bool(nested) and not unread and all(part.covers for part in parts))


def _bulk(exchange: Exchange) -> tuple[Operation, ...]:
    """The requests in the lines of a bulk body, whatever else is said of it."""
    path = canonical_path(exchange.target)
    if not exchange.body or not is_bulk(exchange.method, path):
        return ()
    require_whole(exchange)
    return bulk_operations(path, read_lines(exchange.body, blank=False))


def _reads(exchange: Exchange, connection: Connection) -> bool:
    places = places_for(exchange, connection, (method_of(exchange),))
    return bool(places) and {place.source for place in places} == {"json"}


def _query(query: str) -> JSON:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_QUERY)
    except ValueError:
        raise Refused(Reason.MALFORMED_REQUEST, f"the query has more than {_MAX_QUERY} members") from None
    found: dict[str, list[JSON]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {**found}


PART = Adapter(name="http", reads=_reads, operations=operations, refuse=problem)
