"""What a request asks of the OpenAI API: the message, and what the provider runs or fetches where no proxy sees it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.paths import Location
from interlock.protocols.member_names import CONTENT, MESSAGE, TOOL, require_spelling
from interlock.protocols.models_asked import all_models, with_models
from interlock.protocols.odd_members import odd_members
from interlock.protocols.provider import KIND, host_of, items_of, provider_tool, reaches
from interlock.protocols.requests import Member, require_object
from interlock.reasons import Reason

__all__ = ["chat_operation", "completion_operation", "embedding_operation", "responses_operation"]

_AT_CLIENT = frozenset(("function", "custom", "local_shell", "apply_patch", "namespace", "tool_search"))
_URL = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_MEMBERS: Mapping[str, str] = {
    "web_search_options": "web_search",
    "search_parameters": "web_search",
    "data_sources": "data-source",
    "plugins": "plugin",
    "prompt": "stored-prompt",
    "container": "container",
    "tool_resources": "file_search",
    "mcp_servers": "mcp-connector",
}
"""Members of a request that ask for more than words, and what for."""
_SYSTEM = ("system", "developer")


def chat_operation(body: Member, model: str) -> Operation:
    """`model.message` for chat completions. `model` is the path's word for it, empty if it has none."""
    messages = body.get("messages")
    if type(messages) is not list:
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not a message to a model")
    roles = [message.get("role") for message in messages if type(message) is dict]
    return _operation(body, model, any(role in _SYSTEM for role in roles), (("messages", messages),))


def responses_operation(body: Member, model: str) -> Operation:
    """`model.message` for Responses."""
    given = body.get("input")
    if type(given) not in (str, list, type(None)):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not a message to a model")
    roles = [item.get("role") for item in given if type(item) is dict] if type(given) is list else []
    system = bool(body.get("instructions")) or any(role in _SYSTEM for role in roles)
    return _operation(body, model, system, (("input", given), ("instructions", body.get("instructions"))))


def completion_operation(body: Member, model: str) -> Operation:
    """`model.message` for the older text completions."""
    if type(body.get("prompt")) not in (str, list):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not a message to a model")
    return _operation({name: value for name, value in body.items() if name != "prompt"}, model, False, ())


def _operation(body: Member, model: str, system: bool, content: tuple[tuple[str, JSON], ...]) -> Operation:
    require_spelling(body, MESSAGE)
    named = body.get("model", model)
    stream = body.get("stream")
    if type(named) is not str or type(stream) not in (bool, type(None)) or not (named or model or "prompt" in body):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body names no model")
    limits = (body.get(name) for name in ("max_completion_tokens", "max_output_tokens", "max_tokens"))
    tools, nested = _tools(body, _offered(body))
    arguments: dict[str, JSON] = {
        "model": model or named,
        "max_tokens": next((limit for limit in limits if limit is not None), None),
        "stream": bool(stream),
        "system": system,
        "betas": [],
        "tools": [*tools],
    }
    nested += with_models(arguments, all_models(model or named, body))
    for name, kind in _MEMBERS.items():
        if body.get(name) is not None:
            nested.append(provider_tool(kind, {"type": kind}, (name,)))
    nested += odd_members(body, ())
    for name, value in content:
        nested += _sources(value, (name,))
    return Operation("model", "message", model or named, Access.READ, arguments, nested=tuple(nested))


def _offered(body: Member) -> deque[tuple[Location, JSON]]:
    """The tools of a request; those that an item of its input adds on the way are on offer as well."""
    found: deque[tuple[Location, JSON]] = deque(
        (("tools", at), tool) for at, tool in enumerate(items_of(body, "tools"))
    )
    given = body.get("input")
    for index, item in enumerate(given if type(given) is list else ()):
        if type(item) is dict and item.get("type") != "mcp_list_tools":
            found.extend((("input", index, "tools", at), tool) for at, tool in enumerate(items_of(item, "tools")))
    return found


def _tools(body: Member, todo: deque[tuple[Location, JSON]]) -> tuple[list[str], list[Operation]]:
    """The names of the tools on offer, and those of them that run at the provider."""
    names: list[str] = []
    found: list[Operation] = []
    for index, old in enumerate(items_of(body, "functions")):
        names.append(_name(require_object(old, "a function"), f"functions/{index}"))
    while todo:
        at, value = todo.popleft()
        tool = require_object(value, "a tool")
        require_spelling(tool, TOOL)
        kind = tool.get("type", "function")
        if type(kind) is not str or not KIND.match(kind):
            raise BodyRejected(Reason.BODY_UNPARSABLE, "a tool's type is not a name")
        if kind == "namespace":
            todo += [((*at, "tools", index), inner) for index, inner in enumerate(items_of(tool, "tools"))]
        if _is_at_client(kind, tool) and not reaches(tool):
            names.append(_name(tool, kind))
            continue
        host = host_of(tool["server_url"]) if tool.get("server_url") is not None else {}
        found.append(provider_tool(kind, {"type": kind, **host}, at))
    return names, found


def _is_at_client(kind: str, tool: Member) -> bool:
    """Whether the agent runs the tool itself, and not the provider in its stead."""
    environment = tool.get("environment")
    if kind == "shell":
        return type(environment) is dict and environment.get("type") == "local"
    return kind in _AT_CLIENT and not (kind == "tool_search" and tool.get("execution") == "server")


def _name(tool: Member, otherwise: str) -> str:
    inner = tool.get("function") or tool.get("custom")
    name = inner.get("name") if type(inner) is dict else tool.get("name")
    return name if type(name) is str else otherwise


def _sources(value: JSON, at: Location) -> list[Operation]:
    """What the provider fetches: images and files by address, and those that were stored there before."""
    found: list[Operation] = []
    todo: list[tuple[Location, JSON]] = [(at, value)]
    while todo:
        location, current = todo.pop()
        if type(current) is list:
            todo += [((*location, index), item) for index, item in enumerate(current)]
        elif type(current) is dict:
            require_spelling(current, CONTENT)
            found += _source(current, location)
            todo += [((*location, name), current[name]) for name in ("content", "output", "file") if name in current]
    return sorted(found, key=lambda operation: operation.place)


def _source(part: Member, at: Location) -> list[Operation]:
    found: list[Operation] = []
    for name in ("image_url", "file_url", "video_url", "audio_url", "input_audio"):
        url = part.get(name)
        url = url.get("url") if type(url) is dict else url
        if url is not None and not (type(url) is str and url[:5].casefold() == "data:"):
            found.append(provider_tool("url-source", host_of(url), (*at, name)))
    if part.get("type") == "mcp_approval_response" and part.get("approve"):
        found.append(provider_tool("mcp", {"type": "mcp"}, at))
    if part.get("file_id") is not None and part.get("type") not in ("container_file_citation", "file_citation"):
        found.append(provider_tool("file-source", {"type": "file"}, at))
    return found


def embedding_operation(body: Member, model: str) -> Operation:
    """`model.embed`."""
    named = body.get("model", model)
    if type(named) is not str or type(body.get("input")) not in (str, list) or not (named or model):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body names no model, or holds no input")
    return Operation("model", "embed", model or named, Access.READ, {"model": model or named})
