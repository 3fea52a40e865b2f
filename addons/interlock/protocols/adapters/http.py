"""Plain HTTP: the method and the path are the operation; `commands:` say where a body holds commands.

A carrier is covered (needs no rule of its own) only when its body holds nothing but the commands and what `also:`
lists, it has no query, and at least one command was found: anything else could change what the commands mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl

from interlock.errors import Refused
from interlock.model import JSON, Access, Exchange, Operation
from interlock.paths import Location
from interlock.ports import Analyse
from interlock.protocols.adapter import Adapter
from interlock.protocols.answers import problem
from interlock.protocols.commands import analyse_value
from interlock.protocols.requests import ACCESS, method_of, require_document
from interlock.protocols.target import canonical_path
from interlock.reasons import Reason
from interlock.settings import CommandPlace, Connection

__all__ = ["PART", "command_places", "http_operation", "operations"]

_MAX_QUERY = 500


def operations(exchange: Exchange, connection: Connection, document: JSON, analyse: Analyse) -> tuple[Operation, ...]:
    """One `http.<method>` operation, with the commands found where the connection says they lie nested in it."""
    places = command_places(exchange, connection)
    if not places:
        return (http_operation(exchange),)
    document = require_document(exchange, document)
    nested: list[Operation] = []
    spoken_for: list[Location] = []
    for place in places:
        for location, value in place.path.select(document):
            nested += analyse_value(value, location, place.language, place.dialect, analyse)
            spoken_for.append(location)
        spoken_for += [location for also in place.also for location, _ in also.select(document)]
    covered = bool(nested) and not exchange.query and not _has_others(document, spoken_for)
    return (http_operation(exchange, nested, covered=covered),)


def http_operation(exchange: Exchange, nested: Iterable[Operation] = (), *, covered: bool = False) -> Operation:
    """The operation that a request is by its method and path. Raises Refused as canonical_path does."""
    method, path = method_of(exchange), canonical_path(exchange.target)
    arguments: dict[str, JSON] = {"method": method, "path": path}
    if exchange.query:
        arguments["query"] = _query(exchange.query)
    access = ACCESS.get(method, Access.UNKNOWN)
    return Operation("http", method.lower(), path, access, arguments, nested=tuple(nested), covered=covered)


def command_places(exchange: Exchange, connection: Connection) -> Sequence[CommandPlace]:
    """The connection's `commands:` entries that speak of this request."""
    if not connection.commands:
        return ()
    method, path = method_of(exchange), canonical_path(exchange.target)
    return [place for place in connection.commands if place.covers(method, path)]


def _reads(exchange: Exchange, connection: Connection) -> bool:
    return bool(command_places(exchange, connection))


def _query(query: str) -> JSON:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_QUERY)
    except ValueError:
        raise Refused(Reason.MALFORMED_REQUEST, f"the query has more than {_MAX_QUERY} members") from None
    found: dict[str, list[JSON]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {**found}


def _has_others(document: JSON, spoken_for: Iterable[Location]) -> bool:
    """Whether the document has a leaf that lies under none of the locations."""
    known = set(spoken_for)
    todo: list[tuple[Location, JSON]] = [((), document)]
    while todo:
        location, value = todo.pop()
        if location in known:
            continue
        if type(value) is dict and value:
            todo += [((*location, name), member) for name, member in value.items()]
        elif type(value) is list and value:
            todo += [((*location, index), item) for index, item in enumerate(value)]
        else:
            return True
    return False


PART = Adapter(
    name="http",
    reads=_reads,
    operations=operations,
    refuse=problem,
)
