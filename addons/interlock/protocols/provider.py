"""What a message asks the model's provider to run or fetch: it happens there, where no proxy sees it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.paths import Location, pointer
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["provider_operations"]

_KIND = re.compile(r"[A-Za-z0-9_.-]{1,100}\Z")
_AT_CLIENT = re.compile(r"(bash|text_editor|computer|memory)_\d{8}\Z", re.ASCII)
_URL_SOURCE = "url-source"
_CONNECTOR = "mcp-connector"


def provider_operations(body: Member, at: Location) -> tuple[Operation, ...]:
    """`model.provider-tool:<type>` for each tool, MCP connector and URL that the provider will use.

    `body` is one message request, `at` its place. Raises BodyRejected for shapes the API does not have.
    """
    found: list[Operation] = []
    for index, tool in enumerate(_items(body, "tools")):
        kind = require_object(tool, "a tool").get("type", "custom")
        if type(kind) is not str or not _KIND.match(kind):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "a tool's type is not a name")
        if kind != "custom" and not _AT_CLIENT.match(kind):
            found.append(_operation(kind, {"type": kind}, (*at, "tools", index)))
    for index, server in enumerate(_items(body, "mcp_servers")):
        url = require_object(server, "an MCP server").get("url")
        found.append(_operation(_CONNECTOR, _host(url), (*at, "mcp_servers", index)))
    return (*found, *_url_sources(body, at))


def _items(body: Member, name: str) -> list[JSON]:
    value = body.get(name)
    if value is None:
        return []
    if type(value) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, f"{name} must be a list")
    return value


def _url_sources(body: Member, at: Location) -> tuple[Operation, ...]:
    """Images and documents that the provider fetches, at any depth of the messages' blocks."""
    found: list[Operation] = []
    todo: list[tuple[Location, JSON]] = [((*at, name), body.get(name)) for name in ("messages", "system")]
    while todo:
        location, value = todo.pop()
        if type(value) is list:
            todo += [((*location, index), item) for index, item in enumerate(value)]
        elif type(value) is dict:
            if value.get("type") == "url":
                found.append(_operation(_URL_SOURCE, _host(value.get("url")), location))
            todo += [((*location, name), value.get(name)) for name in ("content", "source") if name in value]
    return tuple(sorted(found, key=lambda operation: operation.place))


def _host(url: JSON) -> dict[str, JSON]:
    """The host of a URL, for rules; empty where it has none. Never the whole URL: it may carry credentials."""
    try:
        return {"host": urlsplit(url).hostname or "" if type(url) is str else ""}
    except ValueError:
        return {"host": ""}


def _operation(kind: str, arguments: dict[str, JSON], location: Location) -> Operation:
    host = arguments.get("host", "")
    resource = host if type(host) is str else ""
    return Operation("model", f"provider-tool:{kind}", resource, Access.WRITE, arguments, place=pointer(location))
