"""MCP's headers repeat the body for those who do not read it: what they say must be what the body says.

`mcp-method`, `mcp-name`, `mcp-protocol-version` and `mcp-param-*` (a tool's argument). A header that is not there
tells no other story. Values outside visible ASCII come as `=?base64?...?=`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from interlock.errors import BodyRejected
from interlock.model import JSON, Exchange
from interlock.paths import Location
from interlock.protocols.requests import Member
from interlock.reasons import Reason

__all__ = ["check_headers", "check_once", "check_parameters", "header_texts", "message_subject"]

_ENCODED = re.compile(r"=\?base64\?([A-Za-z0-9+/=]*)\?=\Z", re.IGNORECASE)
_SUBJECT = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
_ONCE = ("mcp-method", "mcp-name", "mcp-protocol-version", "mcp-session-id", "last-event-id")
_PARAMETER = "mcp-param-"
_VERSION = "io.modelcontextprotocol/protocolVersion"
_MAX_DEPTH = 8


def message_subject(message: Member) -> str:
    """What a message is about: the tool, the prompt or the resource it names; empty for the rest."""
    name = _SUBJECT.get(str(message.get("method")))
    params = message.get("params")
    value = params.get(name) if name and type(params) is dict else ""
    return value if type(value) is str else ""


def check_headers(exchange: Exchange, found: list[tuple[Location, Member]]) -> None:
    """Refuse headers that tell another story than the body, or two. Raises BodyRejected (BODY_AMBIGUOUS)."""
    message = found[0][1] if len(found) == 1 and not found[0][0] else {}
    check_once(exchange)
    for name, value in exchange.headers:
        if name in _ONCE or name.startswith(_PARAMETER):
            _check(name, value, message)


def check_once(exchange: Exchange) -> None:
    """Refuse one of MCP's headers that stands twice, with a body or without. Raises BodyRejected (BODY_AMBIGUOUS)."""
    seen: set[str] = set()
    for name, _ in exchange.headers:
        if name in _ONCE or name.startswith(_PARAMETER):
            if name in seen:
                raise BodyRejected(Reason.BODY_AMBIGUOUS, f"the header {_shown(name)} stands twice")
            seen.add(name)


def check_parameters(exchange: Exchange, arguments: Member, members: dict[str, tuple[str, ...]]) -> None:
    """The same for `mcp-param-*` where a tool's schema says which argument each repeats: `members` by header.

    Raises BodyRejected (BODY_AMBIGUOUS).
    """
    for name, value in exchange.headers:
        path = members.get(name.removeprefix(_PARAMETER)) if name.startswith(_PARAMETER) else None
        if path is None:
            continue
        found: JSON = arguments
        for step in path:
            found = found.get(step) if type(found) is dict else None
        if _plain(value) not in header_texts(found):
            raise _disagree(name)


def header_texts(value: JSON) -> tuple[str, ...]:
    """How a scalar may be written in a header; nothing for what no header carries."""
    if type(value) is str:
        return (value, value.strip())
    if type(value) is bool:
        return ("true",) if value else ("false",)
    return (str(value),) if type(value) is int and value.bit_length() <= 64 else ()


def _check(name: str, value: str, message: Member) -> None:
    if name == "mcp-method":
        agrees = _plain(value) == str(message.get("method", ""))
    elif name == "mcp-name":
        agrees = _plain(value) == message_subject(message)
    elif name == "mcp-protocol-version":
        told = _told_version(message)
        agrees = not told or value.strip() == told
    elif name.startswith(_PARAMETER):
        params = message.get("params")
        arguments = params.get("arguments") if type(params) is dict else None
        called = message.get("method") == "tools/call"
        agrees = called and any(_plain(value) in header_texts(leaf) for leaf in _leaves(arguments))
    else:
        agrees = True
    if not agrees:
        raise _disagree(name)


def _told_version(message: Member) -> str:
    params = message.get("params")
    meta = params.get("_meta") if type(params) is dict else None
    told = meta.get(_VERSION) if type(meta) is dict else None
    return told if type(told) is str else ""


def _leaves(value: JSON) -> Iterator[JSON]:
    """The scalars among arguments; a header repeats none that lies deep."""
    level = [value]
    for _ in range(_MAX_DEPTH):
        deeper: list[JSON] = []
        for item in level:
            if type(item) is dict:
                deeper += item.values()
            else:
                yield item
        level = deeper


def _plain(value: str) -> str:
    """A header's value without the base64 form that carries names outside ASCII."""
    match = _ENCODED.match(value.strip())
    if not match:
        return value.strip()
    try:
        decoded = base64.b64decode(match[1], validate=True)
        if base64.b64encode(decoded).decode() == match[1]:
            return decoded.decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        pass
    raise BodyRejected(Reason.BODY_AMBIGUOUS, "an mcp header cannot be read")


def _disagree(name: str) -> BodyRejected:
    return BodyRejected(Reason.BODY_AMBIGUOUS, f"header {_shown(name)} and the body do not agree")


def _shown(name: str) -> str:
    return name if len(name) <= 60 and name.isprintable() else "mcp-*"
