"""What a server asks of the agent: its model, its user, its files; with messages of its own or inside a result.

Nothing of it passes unless a rule for `on: agent` permits it: `mcp.sample`, `mcp.elicit`, `mcp.roots`, and
`mcp.notify:<name>` for notifications that the protocol does not know (some clients hand those to their model).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.paths import Location, pointer
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["asked_of_agent", "asked_within"]

_METHOD = re.compile(r"[A-Za-z0-9_./$-]{1,100}\Z")
_ASKED = {
    "sampling/createMessage": ("sample", Access.WRITE),
    "elicitation/create": ("elicit", Access.WRITE),
    "roots/list": ("roots", Access.READ),
}
_TOLD = frozenset(
    "notifications/" + name
    for name in ("cancelled", "progress", "message", "elicitation/complete", "tasks/status", "tasks",
                 "tools/list_changed", "prompts/list_changed", "resources/list_changed", "resources/updated",
                 "subscriptions/acknowledged")
)  # fmt: skip
_SPELLED = re.compile(r"[_-]")
_HOLDERS = ("", "task")
_SENT_TO = "elicitations"  # in the data of an error: addresses that the client is to open for its user (2025-11-25)
_MAX_ASKED = 100


def asked_of_agent(message: Member, location: Location) -> tuple[Operation, ...]:
    """What a server's message asks of the agent; nothing for answers, pings and the protocol's own notifications.

    Raises BodyRejected for a method that is no name.
    """
    if "method" not in message:
        return ()
    method = message["method"]
    if type(method) is not str or not _METHOD.match(method):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the JSON-RPC method is not a name")
    if "id" in message:
        return () if method == "ping" else (_asked(method, message, location),)
    if method in _TOLD:
        return ()
    name = method.removeprefix("notifications/")
    arguments: dict[str, JSON] = {"method": method}
    return (Operation("mcp", f"notify:{name}", name, Access.UNKNOWN, arguments, place=pointer(location), agent=True),)


def asked_within(message: Member, location: Location) -> tuple[Operation, ...]:
    """What a result, or a notification about a task, asks the agent to bring before it goes on (`inputRequests`),
    or what an error sends its user to.

    Raises BodyRejected for what cannot be read.
    """
    found: list[Operation] = []
    for requests, at in _requests(message, location):
        for key, request in requests.items():
            asked = require_object(request, "an input request")
            method = asked.get("method")
            if type(method) is not str or not _METHOD.match(method):
                raise BodyRejected(Reason.BODY_UNPARSABLE, "the method of an input request is not a name")
            found.append(_asked(method, asked, (*at, key)))
    for name, place in _elicitations(message, location):
        found.append(_asked("elicitation/create", {"params": {"mode": name}}, place))
    if len(found) > _MAX_ASKED:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"a result asks for more than {_MAX_ASKED} things")
    return tuple(found)


def _asked(method: str, message: Member, location: Location) -> Operation:
    action, access = _ASKED.get(method, (f"unknown:{method}", Access.UNKNOWN))
    params = message.get("params")
    arguments: dict[str, JSON] = {**(params if type(params) is dict else {}), "method": method}
    return Operation("mcp", action, "", access, arguments, place=pointer(location), agent=True)


def _elicitations(message: Member, location: Location) -> Iterator[tuple[str, Location]]:
    error = message.get("error")
    data = error.get("data") if type(error) is dict else None
    for name, value in data.items() if type(data) is dict else ():
        if name.casefold() == _SENT_TO and value:
            yield "url", (*location, "error", "data", name)


def _requests(message: Member, location: Location) -> Iterator[tuple[Member, Location]]:
    for part in ("result", "params"):
        whole = message.get(part)
        for holder in _HOLDERS:
            value = whole if not holder or type(whole) is not dict else whole.get(holder)
            at: Location = (*location, part, holder) if holder else (*location, part)
            for name, requests in value.items() if type(value) is dict else ():
                if _SPELLED.sub("", name).casefold() == "inputrequests" and requests is not None:
                    yield require_object(requests, "the input requests"), (*at, name)
