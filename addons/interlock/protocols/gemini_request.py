"""What a request asks of the Gemini API: the message, and what the provider runs or fetches where no proxy sees it."""

from __future__ import annotations

import re
from typing import Final

from interlock.errors import BodyRejected
from interlock.model import JSON, Access, Operation
from interlock.paths import Location
from interlock.protocols.gemini_names import folded, objects
from interlock.protocols.proposals import fold
from interlock.protocols.provider import KIND, host_of, provider_tool
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["ACTIONS", "gemini_operation"]

ACTIONS: Final = {
    "generateContent": "message",
    "streamGenerateContent": "message",
    "countTokens": "count-tokens",
    "embedContent": "embed",
    "batchEmbedContents": "embed",
}
"""Methods of a model, and what they are called in rules."""
_SEPARATOR = re.compile(r"_+([a-z0-9])")


def gemini_operation(body: Member, model: str, method: str) -> Operation:
    """`model.message`, `model.count-tokens` or `model.embed`. Raises BodyRejected for a body that is none of them."""
    members = folded(body, "the body")
    action = ACTIONS[method]
    if action == "embed":
        return Operation("model", action, model, Access.READ, {"model": model})
    inner = members.get("generatecontentrequest")
    if inner is not None:
        if action != "count-tokens" or "contents" in members:
            raise BodyRejected(Reason.BODY_AMBIGUOUS, "the body holds two requests")
        members = folded(inner, "the request to be counted")
    if type(members.get("contents")) not in (list, dict):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the body is not a message to a model")
    config = folded(members.get("generationconfig") or {}, "generationConfig")
    names, nested = _tools(members.get("tools"))
    if members.get("cachedcontent") is not None:
        nested.append(provider_tool("cachedContent", {"type": "cachedContent"}, ("cachedContent",)))
    nested += _sources(members)
    arguments: dict[str, JSON] = {
        "model": model,
        "max_tokens": config.get("maxoutputtokens"),
        "stream": method.startswith("stream"),
        "system": bool(members.get("systeminstruction")),
        "betas": [],
        "tools": [*names],
    }
    return Operation("model", action, model, Access.READ, arguments, nested=tuple(nested))


def _tools(value: JSON) -> tuple[list[str], list[Operation]]:
    """The names of the functions on offer, and the tools that run at the provider."""
    names: list[str] = []
    found: list[Operation] = []
    for index, tool in enumerate(objects(value, "a tool")):
        folded(tool, "a tool")
        for member, told in tool.items():
            if fold(member) != "functiondeclarations":
                kind = _SEPARATOR.sub(lambda match: match[1].upper(), member)
                if not KIND.match(kind):
                    raise BodyRejected(Reason.BODY_UNPARSABLE, "a tool's type is not a name")
                found.append(provider_tool(kind, {"type": kind}, ("tools", index, member)))
                continue
            for declared in objects(told, "a function"):
                name = declared.get("name")
                names += [name] if type(name) is str else []
    return names, found


def _sources(members: Member) -> list[Operation]:
    """Files that the provider fetches, at any depth of the contents."""
    found: list[Operation] = []
    todo: list[tuple[Location, JSON]] = [((name,), members.get(name)) for name in ("contents", "systeminstruction")]
    while todo:
        at, value = todo.pop()
        if type(value) is list:
            todo += [((*at, index), item) for index, item in enumerate(value)]
        elif type(value) is dict:
            for name, told in value.items():
                if fold(name) == "filedata":
                    uri = folded(told, "a file").get("fileuri")
                    found.append(provider_tool("url-source", host_of(uri), (*at, name)))
                elif fold(name) in ("parts", "functionresponse"):
                    todo.append(((*at, name), told))
    return sorted(found, key=lambda operation: operation.place)
