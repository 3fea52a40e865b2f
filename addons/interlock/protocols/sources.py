"""Where commands may lie in a request: its body as JSON, a form, multipart or lines, and its query.

Which of them a body is follows from its content type, and must be one that the connection's `commands:` name for this
method and path: an endpoint that was described as taking JSON is not judged by what a form would mean to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from interlock.errors import BodyRejected
from interlock.model import JSON, Exchange
from interlock.protocols.forms import FORM, read_form
from interlock.protocols.lines import is_lines_type, read_lines
from interlock.protocols.multipart import MULTIPART, read_multipart
from interlock.protocols.requests import require_document, require_type, require_whole
from interlock.protocols.target import canonical_path
from interlock.reasons import Reason
from interlock.settings import CommandPlace, Connection

__all__ = ["documents", "expects_lines", "places_for"]


def places_for(exchange: Exchange, connection: Connection, methods: Sequence[str]) -> list[CommandPlace]:
    """The connection's `commands:` entries that speak of this request, sent with any of these methods."""
    if not connection.commands:
        return []
    path = canonical_path(exchange.target)
    return [place for place in connection.commands if any(place.covers(method, path) for method in methods)]


def expects_lines(exchange: Exchange, connection: Connection) -> bool:
    """Whether a body that begins like JSON is many documents: its type says so, or only such are expected here."""
    kind = exchange.header("content-type").partition(";")[0].strip().lower()
    if is_lines_type(kind) and connection.protocol == "http":
        return True
    sources = {place.source for place in places_for(exchange, connection, (exchange.method,))}
    return "lines" in sources and "json" not in sources


def documents(exchange: Exchange, document: JSON, places: Sequence[CommandPlace]) -> dict[str, JSON]:
    """What of the request the places speak of, by source, read strictly. Raises BodyRejected for what has two readings,
    and for a body of a kind that the places do not name.
    """
    sources = {place.source for place in places}
    found: dict[str, JSON] = {}
    if "query" in sources:
        found["query"] = read_form(exchange.query)
        sources.discard("query")
    if sources:
        source = _source(exchange, sources)
        found[source] = _read(source, exchange, document)
    return found


def _source(exchange: Exchange, sources: set[str]) -> str:
    if sources == {"json"}:
        return "json"  # whose reader compares the type with the bytes itself
    kind = require_type(exchange)
    told = {FORM: "form", MULTIPART: "multipart"}.get(kind, "lines" if is_lines_type(kind) else "json")
    if told == "json" and "json" not in sources and "lines" in sources and kind.startswith("application/json"):
        return "lines"
    if told not in sources:
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "the body is of another kind than commands are expected in")
    return told


def _read(source: str, exchange: Exchange, document: JSON) -> JSON:
    if source == "json":
        return require_document(exchange, document)
    require_whole(exchange)
    if source == "form":
        return read_form(exchange.body)
    if source == "multipart":
        return read_multipart(exchange.header("content-type"), exchange.body)
    return read_lines(exchange.body)
