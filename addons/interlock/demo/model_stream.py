"""A message as the server-sent events of the Anthropic Messages API, torn as unkindly as a network may."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["events", "pieces", "tear"]

_AWKWARD = (1, 2, 5, 3, 1, 7, 2)


def tear(text: str, size: int) -> list[str]:
    """`text` in parts of `size` characters; 0 means uneven small parts, so that words and escapes are cut."""
    sizes = itertools.repeat(size) if size else itertools.cycle(_AWKWARD)
    parts, start = [], 0
    while start < len(text):
        width = next(sizes)
        parts.append(text[start : start + width])
        start += width
    return parts or [""]


def events(message: Mapping[str, Any], size: int = 0) -> Iterator[bytes]:
    """The events of one message, in the order the real API sends them."""
    head = {**message, "content": [], "stop_reason": None, "usage": {**message["usage"], "output_tokens": 1}}
    yield _event("message_start", message=head)
    for index, block in enumerate(message["content"]):
        if index == 1:
            yield _event("ping")
        shown, deltas = _torn(block, size)
        yield _event("content_block_start", index=index, content_block=shown)
        for delta in deltas:
            yield _event("content_block_delta", index=index, delta=delta)
        yield _event("content_block_stop", index=index)
    stop = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield _event("message_delta", delta=stop, usage={"output_tokens": message["usage"]["output_tokens"]})
    yield _event("message_stop")


def pieces(stream: bytes, size: int) -> Iterator[bytes]:
    """The wire's own cuts: writes of `size` bytes, through events, words and UTF-8 sequences."""
    return (stream[start : start + size] for start in range(0, len(stream), size))


def _torn(block: Mapping[str, Any], size: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    kind = block["type"]
    if kind == "text":
        return {"type": "text", "text": ""}, [
            {"type": "text_delta", "text": part} for part in tear(block["text"], size)
        ]
    if kind == "tool_use":
        written = tear(json.dumps(block["input"], ensure_ascii=False), size)
        return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": part} for part in ["", *written]]
    if kind == "thinking":
        deltas = [{"type": "thinking_delta", "thinking": part} for part in tear(block["thinking"], size)]
        signature = {"type": "signature_delta", "signature": block["signature"]}
        return {"type": "thinking", "thinking": "", "signature": ""}, [*deltas, signature]
    return dict(block), []


def _event(name: str, **members: Any) -> bytes:
    data = json.dumps({"type": name, **members}, ensure_ascii=False, separators=(",", ":"))
    return f"event: {name}\ndata: {data}\n\n".encode()
