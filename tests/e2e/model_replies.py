"""One tool call in the replies of several model APIs, whole and streamed, and how their clients read it back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from interlock.model import JSON

__all__ = ["SHAPES", "Shape"]

type Call = tuple[str, JSON]
_PIECE = 11
_SSE = "text/event-stream"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Shape:
    """A request of an API, the reply that calls a tool, and the calls that a client finds in what comes back."""

    name: str
    on: str
    target: str
    asked: bytes
    kind: str
    reply: Callable[[str, JSON], bytes]
    calls: Callable[[bytes], list[Call]]

    def __repr__(self) -> str:
        return self.name


def _events(body: bytes) -> Iterator[dict[str, JSON]]:
    for line in body.decode("utf-8", "replace").split("\n"):
        if line.startswith("data: {"):
            yield json.loads(line[6:])


def _sse(*documents: JSON, named: bool = False) -> bytes:
    return "".join(
        (f"event: {each['type']}\n" if named else "") + f"data: {json.dumps(each, ensure_ascii=False)}\n\n"
        for each in documents
    ).encode()


def _pieces(arguments: JSON) -> list[str]:
    text = json.dumps(arguments, ensure_ascii=False)
    return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]


_MESSAGE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "stop_sequence": None,
    "usage": {"input_tokens": 1, "output_tokens": 1},
}  # fmt: skip


def _message(tool: str, arguments: JSON) -> bytes:
    call = {"type": "tool_use", "id": "toolu_1", "name": tool, "input": arguments}
    content = [{"type": "text", "text": "so"}, call]
    return json.dumps({**_MESSAGE, "content": content, "stop_reason": "tool_use"}).encode()


def _message_calls(body: bytes) -> list[Call]:
    blocks = json.loads(body).get("content", [])
    return [(block["name"], block["input"]) for block in blocks if block["type"] == "tool_use"]


def _message_stream(tool: str, arguments: JSON) -> bytes:
    block = {"type": "tool_use", "id": "toolu_1", "name": tool, "input": {}}
    return _sse(
        {"type": "message_start", "message": {**_MESSAGE, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "so"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": block},
        *(
            {"type": "content_block_delta", "index": 1, "delta": {"type": "input_json_delta", "partial_json": piece}}
            for piece in _pieces(arguments)
        ),
        {"type": "content_block_stop", "index": 1},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
        named=True,
    )


def _message_stream_calls(body: bytes) -> list[Call]:
    names: dict[int, str] = {}
    texts: dict[int, str] = {}
    for event in _events(body):
        if event["type"] == "content_block_start" and event["content_block"]["type"] == "tool_use":
            names[event["index"]] = event["content_block"]["name"]
        elif event["type"] == "content_block_delta" and event["delta"]["type"] == "input_json_delta":
            texts[event["index"]] = texts.get(event["index"], "") + event["delta"]["partial_json"]
    return [(name, json.loads(texts[index])) for index, name in names.items()]


_COMPLETION = {"id": "x", "created": 1, "model": "m"}


def _completion(tool: str, arguments: JSON) -> bytes:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    message = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c", "type": "function", "function": function}],
    }
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    return json.dumps({**_COMPLETION, "object": "chat.completion", "choices": [choice]}).encode()


def _completion_calls(body: bytes) -> list[Call]:
    calls = [call for choice in json.loads(body)["choices"] for call in choice["message"].get("tool_calls") or ()]
    return [(call["function"]["name"], json.loads(call["function"]["arguments"])) for call in calls]


def _completion_stream(tool: str, arguments: JSON) -> bytes:
    def chunk(end: str | None = None, **delta: JSON) -> JSON:
        choice = {"index": 0, "delta": delta, "finish_reason": end}
        return {**_COMPLETION, "object": "chat.completion.chunk", "choices": [choice]}

    first = {"index": 0, "id": "c", "type": "function", "function": {"name": tool, "arguments": ""}}
    more = ({"index": 0, "function": {"arguments": piece}} for piece in _pieces(arguments))
    chunks = [chunk(role="assistant", content=""), *(chunk(tool_calls=[call]) for call in (first, *more))]
    return _sse(*chunks, chunk("tool_calls")) + b"data: [DONE]\n\n"


def _completion_stream_calls(body: bytes) -> list[Call]:
    calls: dict[int, list[str]] = {}
    for event in _events(body):
        for choice in event.get("choices", ()):
            for call in choice["delta"].get("tool_calls") or ():
                told = calls.setdefault(call["index"], ["", ""])
                told[0] += call["function"].get("name") or ""
                told[1] += call["function"].get("arguments") or ""
    return [(name, json.loads(text)) for name, text in calls.values()]


def _content(tool: str, arguments: JSON) -> JSON:
    parts = [{"functionCall": {"name": tool, "args": arguments}}]
    return {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}]}


def _content_calls(documents: list[JSON]) -> list[Call]:
    parts = [
        part
        for document in documents
        for candidate in document.get("candidates", ())
        for part in (candidate.get("content") or {}).get("parts") or ()
    ]
    return [(part["functionCall"]["name"], part["functionCall"]["args"]) for part in parts if "functionCall" in part]


def _asked(stream: bool) -> bytes:
    message = {"model": "m", "max_tokens": 64, "messages": [{"role": "user", "content": "x"}]}
    return json.dumps({**message, "stream": True} if stream else message).encode()


_CONTENTS = json.dumps({"contents": [{"role": "user", "parts": [{"text": "x"}]}]}).encode()
_GENERATE = "/v1beta/models/m:generateContent"
_STREAM = "/v1beta/models/m:streamGenerateContent?alt=sse"
SHAPES = (
    Shape("message", "claude", "/v1/messages", _asked(False), _JSON, _message, _message_calls),
    Shape("message stream", "claude", "/v1/messages", _asked(True), _SSE, _message_stream, _message_stream_calls),
    Shape("completion", "openai", "/v1/chat/completions", _asked(False), _JSON, _completion, _completion_calls),
    Shape(
        "completion stream", "openai", "/v1/chat/completions", _asked(True), _SSE,
        _completion_stream, _completion_stream_calls,
    ),
    Shape(
        "content", "gemini", _GENERATE, _CONTENTS, _JSON,
        lambda tool, arguments: json.dumps(_content(tool, arguments)).encode(),
        lambda body: _content_calls([json.loads(body)]),
    ),
    Shape(
        "content stream", "gemini", _STREAM, _CONTENTS, _SSE,
        lambda tool, arguments: _sse(_content(tool, arguments)),
        lambda body: _content_calls(list(_events(body))),
    ),
)  # fmt: skip
"""The first two are one API's, whole and streamed; the others are of other APIs."""
