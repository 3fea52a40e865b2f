"""GraphQL over HTTP: the requests in a body, a query, a form or an upload, each with where it stands.

A request that names a stored document by its hash says nothing that could be judged; one that brings the document and
a hash is read if the hash is the document's.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from interlock.errors import BodyRejected
from interlock.model import JSON, Exchange
from interlock.paths import Location
from interlock.protocols.body import read_json
from interlock.protocols.forms import FORM, read_form
from interlock.protocols.multipart import MULTIPART, Part, parts_of
from interlock.protocols.requests import Member, require_document, require_object, require_type, require_whole
from interlock.reasons import Reason

__all__ = ["MEMBERS", "Request", "requests_of"]

MEMBERS = ("query", "operationName", "variables", "extensions")
_STORED = re.compile(r"(persisted|document|query|operation|doc)?_?-?(id|hash|sha256hash|key)\Z", re.IGNORECASE)
_ID = re.compile(r"[A-Za-z0-9_.:/-]{1,200}\Z")
_MAX_BATCH = 100
_UPLOADED = re.compile(r"(?:(?P<item>[0-9]{1,3})\.)?variables\.[A-Za-z0-9_.]{1,200}\Z")


@dataclass(frozen=True, slots=True)
class Request:
    """One GraphQL request. `text` is its document, empty where only a stored one is named (`stored`).

    `others` are members that GraphQL over HTTP does not know: a server may give them a meaning.
    """

    place: Location
    text: str = field(repr=False)
    variables: Member = field(default_factory=dict, repr=False)
    extensions: Member = field(default_factory=dict, repr=False)
    stored: str = ""
    others: tuple[str, ...] = ()


def requests_of(exchange: Exchange, document: JSON) -> list[Request]:
    """The requests in an exchange, at least one. Raises BodyRejected for what is none or has two readings."""
    told = read_form(exchange.query)
    if exchange.method == "GET":
        return [_request(_texts(told), ())]
    if told.keys() & set(MEMBERS):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "GraphQL stands in the query and in the body; servers take either")
    require_whole(exchange)
    kind = require_type(exchange)
    if kind == FORM:
        return [_request(_texts(read_form(exchange.body)), ())]
    if kind == MULTIPART:
        return _batch(_uploaded(parts_of(exchange.header("content-type"), exchange.body)))
    return _batch(require_document(exchange, document))


def _batch(document: JSON) -> list[Request]:
    if type(document) is not list:
        return [_request(require_object(document, "a GraphQL request"), ())]
    if not 0 < len(document) <= _MAX_BATCH:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"a GraphQL batch holds 1 to {_MAX_BATCH} requests")
    items = enumerate(document)
    return [_request(require_object(item, "a GraphQL request"), (index,)) for index, item in items]


def _request(members: Member, place: Location) -> Request:
    text = members.get("query")
    variables = members.get("variables")
    extensions = members.get("extensions")
    name = members.get("operationName")
    if type(text) not in (str, type(None)) or type(name) not in (str, type(None)):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a GraphQL request's query or operationName is no text")
    known = {} if extensions is None else require_object(extensions, "a GraphQL request's extensions")
    stored = _stored(members, known)
    if text and stored and not hmac.compare_digest(hashlib.sha256(str(text).encode()).hexdigest(), stored.lower()):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a GraphQL request brings a document and names another one")
    if not text and not stored:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a GraphQL request has no document")
    given = {} if variables is None else require_object(variables, "a GraphQL request's variables")
    others = tuple(sorted(name for name in members if name not in MEMBERS and not _STORED.match(name)))
    return Request(place, str(text or ""), given, known, stored, others)


def _stored(members: Member, extensions: Member) -> str:
    """What a stored document is called, whichever convention names it."""
    for name, value in extensions.items():
        if name.casefold() == "persistedquery":
            hashed = value.get("sha256Hash") if type(value) is dict else None
            return _id(hashed)
    for name, value in members.items():
        if name not in MEMBERS and _STORED.match(name) and value is not None:
            return _id(value)
    return ""


def _id(value: JSON) -> str:
    return value if type(value) is str and _ID.match(value) else "unreadable"


def _texts(members: dict[str, JSON]) -> Member:
    """The members of a query or a form, where variables and extensions are JSON in text."""
    found: Member = dict(members)
    for name in ("variables", "extensions"):
        value = found.get(name)
        if value == "":
            found[name] = None
        elif value is not None:
            if type(value) is not str:
                raise BodyRejected(Reason.BODY_UNPARSABLE, f"{name} of a GraphQL request is no JSON text")
            found[name] = read_json(value.encode("utf-8"))
    return found


def _uploaded(parts: list[Part]) -> JSON:
    """`operations` of the multipart request specification. Raises BodyRejected unless files go into variables only."""
    named = {part.name: part for part in parts}
    operations, places = named.pop("operations", None), named.pop("map", None)
    if operations is None or places is None or len(named) != len(parts) - 2:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a GraphQL upload has no operations or no map, or a part twice")
    mapped = require_object(read_json(places.content), "the map of a GraphQL upload")
    if mapped.keys() != named.keys():
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "the map and the files of a GraphQL upload do not agree")
    for targets in mapped.values():
        if type(targets) is not list or not all(type(at) is str and _UPLOADED.match(at) for at in targets):
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "a GraphQL upload puts a file elsewhere than into variables")
    return read_json(operations.content)
