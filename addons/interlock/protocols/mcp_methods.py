"""MCP's methods as operations, and what a tool call carries."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Exchange, Operation
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.blocks import tool_name
from interlock.protocols.commands import analyse_value, known_commands
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason
from interlock.settings import CommandPlace

__all__ = ["asked_of_agent", "bare_operation", "check_headers", "message_operation"]

_METHOD = re.compile(r"[A-Za-z0-9_./$-]{1,100}\Z")
_NAMED = {
    "initialize": ("connect", Access.READ),
    "ping": ("connect", Access.READ),
    "server/discover": ("connect", Access.READ),
    "resources/read": ("read", Access.READ),
    "prompts/get": ("get", Access.READ),
    "subscriptions/listen": ("listen", Access.READ),
    "resources/subscribe": ("listen", Access.READ),
    "resources/unsubscribe": ("listen", Access.READ),
    "completion/complete": ("complete", Access.READ),
    "logging/setLevel": ("log", Access.WRITE),
}
_LISTS = frozenset(("tools/list", "prompts/list", "resources/list", "resources/templates/list", "tasks/list"))
_TOLD = frozenset(
    "notifications/" + name
    for name in ("initialized", "cancelled", "progress", "message", "roots/list_changed", "tasks/status",
                 "elicitation/complete", "tools/list_changed", "prompts/list_changed", "resources/list_changed",
                 "resources/updated")
)  # fmt: skip
"""Notifications of the protocol; a server may give any other a meaning of its own."""
_BARE = {"GET": ("listen", Access.READ), "DELETE": ("close", Access.WRITE)}
_SUBJECT = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_ENCODED = re.compile(r"=\?base64\?([A-Za-z0-9+/=]*)\?=\Z")


def bare_operation(method: str) -> Operation:
    """What GET (the standing stream) and DELETE (the end of a session) on an endpoint mean."""
    action, access = _BARE[method]
    return Operation("mcp", action, "", access)


def message_operation(
    message: Member,
    location: Location,
    analyse: Analyse,
    *,
    dialect: str = "",
    places: Mapping[Location, CommandPlace],
) -> Operation:
    """What one JSON-RPC message would do. `places` are the members that the connection names under `commands:`.

    Raises BodyRejected for a call that cannot be read.
    """
    if "method" not in message:
        return Operation("mcp", "respond", "", Access.WRITE, place=pointer(location))
    method = str(message["method"])
    if method == "tools/call":
        return _call(message, location, analyse, dialect, places)
    found = _NAMED.get(method)
    if found is None and method in _TOLD:
        found = ("connect", Access.READ)
    if found is None and method in _LISTS:
        found = ("list", Access.READ)
    if found is None:
        return _unknown(method, location)
    resource = message_subject(message)
    nested = _placed(message, location, analyse, places)
    return Operation("mcp", found[0], resource, found[1], {"method": method}, place=pointer(location), nested=nested)


def message_subject(message: Member) -> str:
    """What a message is about: the tool, the prompt or the resource it names; empty for the rest."""
    name = _SUBJECT.get(str(message.get("method")))
    params = message.get("params")
    value = params.get(name) if name and type(params) is dict else ""
    return value if type(value) is str else ""


def check_headers(exchange: Exchange, found: list[tuple[Location, Member]]) -> None:
    """Refuse headers that tell another story than the body. Raises BodyRejected (BODY_AMBIGUOUS)."""
    for name, value in exchange.headers:
        if name not in ("mcp-method", "mcp-name"):
            continue
        message = found[0][1] if len(found) == 1 and not found[0][0] else {}
        told = str(message.get("method", "")) if name == "mcp-method" else message_subject(message)
        if _plain(value) != told:
            raise BodyRejected(Reason.BODY_AMBIGUOUS, f"header {name} and the body do not agree")


def asked_of_agent(message: Member, location: Location) -> tuple[Operation, ...]:
    """What a server's message asks of the agent's own model or user."""
    method = message.get("method")
    for prefix, action in (("sampling/", "sample"), ("elicitation/", "elicit")):
        if type(method) is str and method.startswith(prefix):
            arguments: dict[str, JSON] = {"method": method}
            return (Operation("mcp", action, "", Access.WRITE, arguments, place=pointer(location), agent=True),)
    return ()


def _call(
    message: Member, location: Location, analyse: Analyse, dialect: str, places: Mapping[Location, CommandPlace]
) -> Operation:
    params = require_object(message.get("params"), "the params of tools/call")
    name = tool_name(params.get("name"))
    value = params.get("arguments")
    arguments = {} if value is None else require_object(value, "the arguments of tools/call")
    at = (*location, "params", "arguments")
    # Where the operator says what a member is, that counts; the known names speak for the rest.
    others = {key: member for key, member in arguments.items() if (*at, key) not in places}
    nested = _placed(message, location, analyse, places) + known_commands(name, others, at, dialect, analyse)
    beside = {key: member for key, member in params.items() if key not in ("name", "arguments")}
    nested += known_commands(name, beside, (*location, "params"), dialect, analyse)
    return Operation("mcp", f"call:{name}", name, Access.WRITE, arguments, place=pointer(location), nested=nested)


def _placed(
    message: Member, location: Location, analyse: Analyse, places: Mapping[Location, CommandPlace]
) -> tuple[Operation, ...]:
    found: list[Operation] = []
    for at, place in places.items():
        if at[: len(location)] == location:
            value = _value(message, at[len(location) :])
            found += analyse_value(value, at, place.language, place.dialect, analyse)
    return tuple(found)


def _value(value: JSON, location: Location) -> JSON:
    for step in location:
        if type(value) is dict and type(step) is str:
            value = value.get(step)
        elif type(value) is list and type(step) is int:
            value = value[step]
    return value


def _unknown(method: str, location: Location) -> Operation:
    if not _METHOD.match(method):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the JSON-RPC method is not a name")
    return Operation("mcp", f"unknown:{method}", "", Access.UNKNOWN, {"method": method}, place=pointer(location))


def _plain(value: str) -> str:
    """A header's value without the base64 form that carries names outside ASCII."""
    match = _ENCODED.match(value.strip())
    if not match:
        return value.strip()
    try:
        return base64.b64decode(match[1], validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise BodyRejected(Reason.BODY_AMBIGUOUS, "an mcp header cannot be read") from None
