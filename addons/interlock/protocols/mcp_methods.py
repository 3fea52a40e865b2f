"""MCP's methods as operations, and what a tool call carries."""

from __future__ import annotations

import re
from collections.abc import Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.paths import Location, pointer
from interlock.ports import Analyse
from interlock.protocols.blocks import tool_name
from interlock.protocols.commands import analyse_value, known_commands
from interlock.protocols.mcp_headers import message_subject
from interlock.protocols.perhaps_commands import perhaps_commands
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason
from interlock.settings import CommandPlace

__all__ = ["bare_operation", "message_operation"]

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
    "tasks/get": ("task:get", Access.READ),
    "tasks/result": ("task:result", Access.READ),
    "tasks/cancel": ("task:cancel", Access.WRITE),
    "tasks/update": ("task:update", Access.WRITE),
}
_LISTS = frozenset(("tools/list", "prompts/list", "resources/list", "resources/templates/list", "tasks/list"))
_TOLD = frozenset(
    "notifications/" + name
    for name in ("initialized", "cancelled", "progress", "message", "roots/list_changed", "tasks/status",
                 "elicitation/complete", "tools/list_changed", "prompts/list_changed", "resources/list_changed",
                 "resources/updated", "subscriptions/acknowledged")
)  # fmt: skip
"""Notifications of the protocol; a server may give any other a meaning of its own."""
_BARE = {"GET": ("listen", Access.READ), "DELETE": ("close", Access.WRITE)}
_RESPONSES = "inputresponses"
_SPELLED = re.compile(r"[_-]")


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
        # The answer to a ping says nothing.
        told = ("connect", Access.READ) if message.get("result") == {} else ("respond", Access.WRITE)
        return Operation("mcp", told[0], "", told[1], place=pointer(location))
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
    resource = _subject(message)
    nested = _placed(message, location, analyse, places) + _responses(message, location)
    return Operation("mcp", found[0], resource, found[1], {"method": method}, place=pointer(location), nested=nested)


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
    nested += perhaps_commands(name, others, at, analyse)
    beside = {key: member for key, member in params.items() if key not in ("name", "arguments")}
    nested += known_commands(name, beside, (*location, "params"), dialect, analyse) + _responses(message, location)
    return Operation("mcp", f"call:{name}", name, Access.WRITE, arguments, place=pointer(location), nested=nested)


def _subject(message: Member) -> str:
    """What rules can name: tool, prompt, resource, task."""
    params = message.get("params")
    told = [params.get(name) for name in ("uri", "taskId")] if type(params) is dict else []
    return message_subject(message) or next((value for value in told if type(value) is str), "")


def _responses(message: Member, location: Location) -> tuple[Operation, ...]:
    """What the agent brings because an earlier answer asked for it (2026-07-28): the words of its model or user."""
    params = message.get("params")
    return tuple(
        Operation("mcp", "respond", "", Access.WRITE, place=pointer((*location, "params", name)))
        for name, value in (params.items() if type(params) is dict else ())
        if _SPELLED.sub("", name).casefold() == _RESPONSES and value is not None
    )


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
