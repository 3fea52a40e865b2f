"""JSON-RPC 2.0 messages, alone or in a batch, taken apart strictly."""

from __future__ import annotations

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths import Location
from interlock.protocols.body import read_json
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["identifiers", "messages"]

_MAX_BATCH = 1000
_MEMBERS = frozenset(("jsonrpc", "id", "method", "params", "result", "error"))


def messages(document: JSON) -> list[tuple[Location, Member]]:
    """The messages of a body with their places. Raises BodyRejected for an empty batch and for what is no message."""
    if type(document) is not list:
        return [((), _checked(document))]
    if not 0 < len(document) <= _MAX_BATCH:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"a batch holds 1 to {_MAX_BATCH} messages")
    return [((index,), _checked(item)) for index, item in enumerate(document)]


def identifiers(body: bytes) -> tuple[bool, list[JSON]]:
    """Whether the body is a batch, and the ids whose senders wait for an answer; none where it cannot be read."""
    try:
        document = read_json(body)
    except BodyRejected:
        return False, []
    items = document[:_MAX_BATCH] if type(document) is list else [document]
    ids = [item["id"] for item in items if type(item) is dict and "method" in item and "id" in item]
    return type(document) is list, [identifier for identifier in ids if type(identifier) in (str, int)]


def _checked(value: JSON) -> Member:
    message = require_object(value, "a JSON-RPC message")
    asks = "method" in message
    answers = "result" in message or "error" in message
    if message.get("jsonrpc") != "2.0" or asks == answers or ("result" in message and "error" in message):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "this is not one JSON-RPC 2.0 request or response")
    if asks and type(message["method"]) is not str:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the JSON-RPC method is not a string")
    if not message.keys() <= _MEMBERS:
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a JSON-RPC message has a member that JSON-RPC does not know")
    if type(message.get("id", 0)) not in (str, int, type(None)):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the JSON-RPC id is neither a string nor a whole number")
    return message
