"""Answers and calls that are large in the worst way: each is read, or refused, in a quarter of a second."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import partial

from interlock.engine.adapters import adapters
from interlock.engine.inline import Inline, analyse_inline
from interlock.errors import Refused
from interlock.model import JSON, BodyState, Exchange, Origin, Side
from interlock.protocols.body import read_json
from interlock.protocols.replies import Find, Reader, Treatment
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["ANSWERS"]

_EVENTS = 20_000
_ITEMS = 100_000
_ORIGIN = Origin("https", "service.example.com", 443)


class _Passed:
    """A text stream that masks nothing."""

    def feed(self, text: str) -> str:
        """The text."""
        return text

    def close(self) -> str:
        """Nothing was held."""
        return ""


def _document(body: bytes, read: JSON = None) -> bytes:
    if read is None:
        read_json(body)
    return body


def _request(protocol: str, path: str, body: bytes) -> tuple[Exchange, Connection]:
    headers = (("content-type", "application/json"),)
    exchange = Exchange(Side.REQUEST, "bench", "POST", _ORIGIN, path, headers, body, BodyState.COMPLETE)
    return exchange, Connection("bench", protocol, (_ORIGIN,))


def _reader(protocol: str, path: str, request: bytes) -> Reader:
    exchange, connection = _request(protocol, path, request)
    reads = adapters()[protocol].reply(exchange, connection)
    if reads is None:
        raise Refused(Reason.UNKNOWN_PROTOCOL)
    analyse = Inline(time.monotonic)
    return reads(Treatment(_judge, lambda operation: True, analyse, _Passed, _document, _document, 1 << 20))


def _judge(find: Find) -> None:
    find()


def _event(document: JSON, kind: str = "") -> bytes:
    named = f"event: {kind}\n" if kind else ""
    return f"{named}data: {json.dumps(document)}\n\n".encode()


def _stream(protocol: str, path: str, head: bytes, event: bytes) -> bool:
    """Whether many events in one piece are refused."""
    body = head + event * _EVENTS
    try:
        _reader(protocol, path, b"{}").stream(200).feed(body)
    except Refused:
        return True
    return False


def _whole(protocol: str, path: str, request: JSON, answer: bytes) -> bool:
    """Whether an answer that is there as a whole is refused."""
    try:
        _reader(protocol, path, json.dumps(request).encode()).whole(200, answer, lambda: read_json(answer))
    except Refused:
        return True
    return False


def _call(arguments: JSON) -> bool:
    """Whether a tool call with these arguments is refused."""
    params: JSON = {"name": "look", "arguments": arguments}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode()
    exchange, connection = _request("mcp", "/mcp", body)
    try:
        adapters()["mcp"].operations(exchange, connection, read_json(body), analyse_inline)
    except Refused:
        return True
    return False


_STARTS = _event({"type": "message_start", "message": {"content": []}}, "message_start") + _event(
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}, "content_block_start"
)
_DELTA = _event(
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a word"}},
    "content_block_delta",
)
_CHUNK = _event({"choices": [{"index": 0, "delta": {"content": "a word"}, "finish_reason": None}]})
_PART = _event({"candidates": [{"content": {"parts": [{"text": "a word"}], "role": "model"}, "index": 0}]})
_ASKED: JSON = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
_GEMINI = "/v1beta/models/gemini-x:streamGenerateContent"


def _listed(tools: JSON) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"tools": tools}}).encode()


ANSWERS: Mapping[str, Callable[[], bool]] = {
    "20,000 events, Anthropic": partial(_stream, "anthropic", "/v1/messages", _STARTS, _DELTA),
    "20,000 events, OpenAI": partial(_stream, "openai", "/v1/chat/completions", b"", _CHUNK),
    "20,000 events, Gemini": partial(_stream, "gemini", _GEMINI, b"", _PART),
    "20,000 events that nothing announces": partial(
        _whole, "anthropic", "/v1/messages", {}, _STARTS + _DELTA * _EVENTS
    ),
    "tools/list of 100,000 texts": partial(_whole, "mcp", "/mcp", _ASKED, _listed(["tool"] * _ITEMS)),
    "a schema of 100,000 texts": partial(
        _whole, "mcp", "/mcp", _ASKED, _listed([{"name": "look", "inputSchema": {"enum": ["text"] * _ITEMS}}])
    ),
    "a call with 100,000 texts": partial(_call, {"items": ["text"] * _ITEMS}),
    "a call with 50,000 commands": partial(_call, {"steps": [{"command": "ls -l"}] * (_ITEMS // 2)}),
    "a call with 30,000 texts": partial(_call, {"items": [f"abc{n}" for n in range(30_000)]}),
}
"""Name -> reads or asks it; true where it is refused."""
