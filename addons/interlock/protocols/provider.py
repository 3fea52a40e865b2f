"""What a message asks the model's provider to run or fetch: it happens there, where no proxy sees it."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.paths import Location, pointer
from interlock.protocols.member_names import CONTENT, TOOL, require_spelling
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["KIND", "host_of", "items_of", "provider_operations", "provider_tool", "reaches", "tool_names"]

KIND: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")
"""What a type of tool may be called."""
_AT_CLIENT = re.compile(r"(bash|text_editor|memory)_\d{8}\Z", re.ASCII)
_URL_SOURCE = "url-source"
_FILE_SOURCE = "file-source"
_OTHER_SOURCE = "other-source"
_HERE = ("base64", "text", "content")
_CONNECTOR = "mcp-connector"
_CONTAINER = "container"
_UPLOAD = "container_upload"
_SKILL = "skill"
_REACHING = ("server_url", "server_label", "connector_id", "mcp_server", "mcp_server_name", "url")


def provider_operations(body: Member, at: Location) -> tuple[Operation, ...]:
    """`model.provider-tool:<type>` for each tool, MCP connector, container, skill, file and URL the provider will use.

    `body` is one message request, `at` its place. Raises BodyRejected for shapes the API does not have.
    """
    found: list[Operation] = []
    for index, tool in enumerate(items_of(body, "tools")):
        held = require_object(tool, "a tool")
        require_spelling(held, TOOL)
        kind = held.get("type", "custom")
        if type(kind) is not str or not KIND.match(kind):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "a tool's type is not a name")
        if (kind != "custom" and not _AT_CLIENT.match(kind)) or reaches(held):
            found.append(provider_tool(kind, {"type": kind}, (*at, "tools", index)))
    for index, server in enumerate(items_of(body, "mcp_servers")):
        held = require_object(server, "an MCP server")
        require_spelling(held, TOOL)
        url = held.get("url")
        found.append(provider_tool(_CONNECTOR, host_of(url), (*at, "mcp_servers", index)))
    return (*found, *_container(body, at), *_sources(body, at))


def reaches(tool: Member) -> bool:
    """Whether a tool of the client's own names a server or an address that the provider might call in its stead."""
    return any(tool.get(name) is not None for name in _REACHING)


def tool_names(body: Member) -> list[JSON]:
    """The names of the tools on offer; of one without a name its type."""
    found: list[JSON] = []
    for tool in items_of(body, "tools"):
        held = require_object(tool, "a tool")
        name = held.get("name", held.get("type"))
        found += [name] if type(name) is str else []
    return found


def items_of(body: Member, name: str) -> list[JSON]:
    """A member that is a list, or missing. Raises BodyRejected."""
    value = body.get(name)
    if value is None:
        return []
    if type(value) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"{name} must be a list")
    return value


def host_of(url: JSON) -> dict[str, JSON]:
    """The host of a URL, for rules; empty where it has none. Never the whole URL: it may carry credentials."""
    try:
        return {"host": urlsplit(url).hostname or "" if type(url) is str else ""}
    except ValueError:
        return {"host": ""}


def provider_tool(kind: str, arguments: dict[str, JSON], location: Location) -> Operation:
    """`model.provider-tool:<kind>` at a place of the body."""
    host = arguments.get("host", "")
    resource = host if type(host) is str else ""
    return Operation("model", f"provider-tool:{kind}", resource, Access.WRITE, arguments, place=pointer(location))


def _container(body: Member, at: Location) -> list[Operation]:
    """Where code runs at the provider, with what an earlier request left there, and the skills loaded into it."""
    container = body.get(_CONTAINER)
    if container is None:
        return []
    found = [provider_tool(_CONTAINER, {"type": _CONTAINER}, (*at, _CONTAINER))]
    if type(container) is dict:
        for index, _ in enumerate(items_of(container, "skills")):
            found.append(provider_tool(_SKILL, {"type": _SKILL}, (*at, _CONTAINER, "skills", index)))
    return found


def _sources(body: Member, at: Location) -> tuple[Operation, ...]:
    """Images and documents that the provider fetches, or has from before, at any depth of the messages' blocks."""
    found: list[Operation] = []
    todo: list[tuple[Location, JSON]] = [((*at, name), body.get(name)) for name in ("messages", "system")]
    while todo:
        location, value = todo.pop()
        if type(value) is list:
            todo += [((*location, index), item) for index, item in enumerate(value)]
        elif type(value) is dict:
            require_spelling(value, CONTENT)
            kind = value.get("type")
            kind = kind.casefold() if type(kind) is str else kind
            if kind == "url":
                found.append(provider_tool(_URL_SOURCE, host_of(value.get("url")), location))
            elif kind in ("file", _UPLOAD):
                found.append(provider_tool(_FILE_SOURCE, {"type": _FILE_SOURCE}, location))
            elif location[-1] == "source" and kind not in _HERE:
                found.append(provider_tool(_OTHER_SOURCE, {"type": _OTHER_SOURCE}, location))
            todo += [((*location, name), value.get(name)) for name in ("content", "source") if name in value]
    return tuple(sorted(found, key=lambda operation: operation.place))
