"""The gateway's own MCP server, as small as one can be: four tools, answered at once, in both eras of the protocol.

Streamable HTTP with JSON answers: a POST is one message, there is no session and no stream (2025-11-25, and the
stateless 2026-07-28, whose clients ask `server/discover` instead of `initialize`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from interlock import __version__
from interlock.errors import InterlockError
from interlock.model import JSON

__all__ = ["TOOLS", "answer"]

type Call = Callable[[str, Mapping[str, JSON]], Awaitable[JSON]]
"""(tool, arguments) -> what it says. Raises InterlockError."""

_LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26")
_MODERN = ("2026-07-28",)
_VERSION_META = "io.modelcontextprotocol/protocolVersion"
_NO_METHOD, _BAD, _BAD_VERSION = -32601, -32602, -32022
_HOW = (
    "This is the gateway between you and everything you reach. Ask what_may_i_do before you guess; when it stopped "
    "something with a ticket, approval_status tells when to send the very same call again."
)
_TEXT: JSON = {"type": "string"}


def _schema(required: tuple[str, ...] = (), **members: JSON) -> JSON:
    return {"type": "object", "properties": dict(members), "required": [*required], "additionalProperties": False}


TOOLS: tuple[Mapping[str, JSON], ...] = (
    {"name": "whoami", "description": "Who you are, as your token says.", "inputSchema": _schema()},
    {
        "name": "what_may_i_do",
        "description": "The operations you may try, by connection: permitted, or decided by a person.",
        "inputSchema": _schema(),
    },
    {
        "name": "request_access",
        "description": "Ask people to let you do some operations on a connection for a time without asking each time.",
        "inputSchema": _schema(
            ("connection", "operations", "duration", "reason"),
            connection={"type": "string", "description": "A connection's name, or agent for what you run yourself."},
            operations={"type": "array", "items": _TEXT, "description": "Names, as what_may_i_do says them."},
            duration={"type": "string", "description": "How long, as in 30m."},
            reason={"type": "string", "maxLength": 500, "description": "Why, in plain words: a person reads it."},
        ),
    },
    {
        "name": "approval_status",
        "description": "How one of your own approvals stands: pending, approved, denied, expired, withdrawn, used.",
        "inputSchema": _schema(("id",), id=_TEXT),
    },
)


async def answer(message: JSON, version: str, call: Call) -> JSON:
    """The answer to one JSON-RPC message; None for a notification. `version` is what the request's header says."""
    method = message.get("method") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(method, str):
        return _error(None, -32600, "this is no JSON-RPC request")
    identifier = message.get("id")
    if "id" not in message:
        return None
    given = message.get("params")
    params: Mapping[str, JSON] = given if isinstance(given, dict) else {}
    meta = params.get("_meta")
    said = meta.get(_VERSION_META) if isinstance(meta, dict) else None
    asked = said if isinstance(said, str) else version
    if method == "server/discover" and asked and asked not in _MODERN:
        supported: JSON = {"supported": [*_MODERN], "requested": asked}
        return _error(identifier, _BAD_VERSION, "this version is not supported", supported)
    result = await _result(method, params, call)
    if result is None:
        return _error(identifier, _NO_METHOD, "there is no such method")
    if method == "tools/call" and "content" not in result:
        return _error(identifier, _BAD, "there is no such tool")
    if asked in _MODERN or method == "server/discover":
        result |= {"resultType": "complete"}
        if method in ("server/discover", "tools/list"):
            result |= {"ttlMs": 0, "cacheScope": "private"}
    return {"jsonrpc": "2.0", "id": identifier, "result": result}


async def _result(method: str, params: Mapping[str, JSON], call: Call) -> dict[str, JSON] | None:
    server: JSON = {"name": "interlock", "version": __version__}
    if method == "initialize":
        wanted = params.get("protocolVersion")
        version = wanted if wanted in _LEGACY else _LEGACY[0]
        return {
            "protocolVersion": version,
            "capabilities": {"tools": {}},
            "serverInfo": server,
            "instructions": _HOW,
        }
    if method == "server/discover":
        return {"supportedVersions": [*_MODERN], "capabilities": {"tools": {}}, "instructions": _HOW}
    if method == "ping":
        return {}
    if method == "tools/list":
        return {"tools": [dict(tool) for tool in TOOLS]}
    return await _called(params, call) if method == "tools/call" else None


async def _called(params: Mapping[str, JSON], call: Call) -> dict[str, JSON]:
    name, given = params.get("name"), params.get("arguments")
    if not any(tool["name"] == name for tool in TOOLS) or not isinstance(given, dict | None):
        return {}
    try:
        found = await call(str(name), given or {})
    except InterlockError as error:
        hint = f" {error.hint[:1].upper()}{error.hint[1:]}." if error.hint else ""
        return {"content": [_text(f"{error} ({error.reason}).{hint}")], "isError": True}
    return {"content": [_text(msgspec.json.encode(found).decode())], "structuredContent": found, "isError": False}


def _text(text: str) -> JSON:
    return {"type": "text", "text": text}


def _error(identifier: JSON, code: int, message: str, data: JSON = None) -> JSON:
    error: dict[str, JSON] = {"code": code, "message": message}
    return {"jsonrpc": "2.0", "id": identifier, "error": {**error, "data": data} if data is not None else error}
