"""JSON-RPC 2.0 messages, alone or in a batch, taken apart strictly."""

from __future__ import annotations

from interlock.errors import BodyRejected
from interlock.model import JSON
from interlock.paths import Location
from interlock.protocols.body import read_json
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["identifiers", "is_rpc", "messages"]

_MAX_BATCH = 1000
_MAX_BITS = 1024
_MEMBERS = frozenset(("jsonrpc", "id", "method", "params", "result", "error"))
_SIGNS = frozenset(("jsonrpc", "method", "result"))


def messages(document: JSON) -> list[tuple[Location, Member]]:
    """The messages of a body with their places. Raises BodyRejected for an empty batch, for what is no message, and
    for ids that two of its messages share: whose answer is whose could not be said.
    """
    if type(document) is not list:
        return [((), _checked(document))]
    if not 0 < len(document) <= _MAX_BATCH:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"a batch holds 1 to {_MAX_BATCH} messages")
    found: list[tuple[Location, Member]] = [((index,), _checked(item)) for index, item in enumerate(document)]
    # Some receivers take 1 and "1" for one id.
    ids = [(("method" in message), str(message["id"])) for _, message in found if message.get("id") is not None]
    if len(set(ids)) != len(ids):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "an id stands twice in the batch")
    return found


def is_rpc(document: JSON) -> bool:
    """Whether some receiver could take the document for JSON-RPC, whatever the case of its members."""
    items = document if type(document) is list else [document]
    return any(type(item) is dict and not _SIGNS.isdisjoint(name.casefold() for name in item) for item in items)


def identifiers(body: bytes) -> tuple[bool, list[JSON]]:
    """Whether the body is a batch, and the ids whose senders wait for an answer; none where it cannot be read."""
    try:
        document = read_json(body)
    except BodyRejected:
        return False, []
    items = document[:_MAX_BATCH] if type(document) is list else [document]
    ids = [item["id"] for item in items if type(item) is dict and "method" in item and "id" in item]
    usual = [identifier for identifier in ids if type(identifier) is str or _is_counter(identifier)]
    return type(document) is list, usual


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
    if type(message.get("id")) is int and not _is_counter(message["id"]):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the JSON-RPC id is larger than any counter")
    if "error" not in message and "id" in message and message["id"] is None:
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "a JSON-RPC id that is null: some take it for a notification")
    if "result" in message and "id" not in message:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a JSON-RPC answer without an id")
    if "params" in message and type(message["params"]) not in (dict, list, type(None)):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the params are neither an object nor a list")
    return message


def _is_counter(identifier: JSON) -> bool:
    return type(identifier) is int and identifier.bit_length() <= _MAX_BITS
