"""What answers of every model API say they used, whole and streamed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.protocols.conftest import CAPTURES

from interlock.protocols.bedrock_stream import encode_chunk
from interlock.protocols.usage import Usage, read_usage

ANTHROPIC: dict[str, Any] = {
    "id": "msg_1", "model": "claude-opus-5-5", "type": "message", "stop_reason": "end_turn", "content": [],
    "usage": {"input_tokens": 7, "cache_creation_input_tokens": 3, "cache_read_input_tokens": 2, "output_tokens": 5},
}  # fmt: skip
CHAT: dict[str, Any] = {
    "id": "c1", "model": "gpt", "choices": [{"finish_reason": "tool_calls", "index": 0}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 2}},
}  # fmt: skip
RESPONSES: dict[str, Any] = {
    "id": "r1", "model": "gpt", "status": "completed", "output": [],
    "usage": {"input_tokens": 9, "output_tokens": 5, "input_tokens_details": {"cached_tokens": 2}},
}  # fmt: skip
GEMINI: dict[str, Any] = {
    "responseId": "g1", "modelVersion": "gemini", "candidates": [{"finishReason": "STOP"}],
    "usageMetadata": {
        "promptTokenCount": 8, "cachedContentTokenCount": 2, "candidatesTokenCount": 3, "thoughtsTokenCount": 2,
        "toolUsePromptTokenCount": 1,
    },
}  # fmt: skip
START = {
    "type": "message_start",
    "message": {**ANTHROPIC, "stop_reason": None, "usage": {**ANTHROPIC["usage"], "output_tokens": 1}},
}
DELTA = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}}
TEXT = {"type": "content_block_delta", "delta": {"text": '"usage":{"input_tokens":99}'}}
COMPLETED = {"type": "response.completed", "response": RESPONSES}
SAID = Usage("gpt", "c1", "tool_calls", 7, 5, 2)


def events(*documents: Any) -> bytes:
    """A stream of server-sent events."""
    return b"".join(b"data: " + json.dumps(document).encode() + b"\n\n" for document in documents) + b"data: [DONE]\n\n"


ROWS = [
    (json.dumps(ANTHROPIC).encode(), "application/json", Usage("claude-opus-5-5", "msg_1", "end_turn", 7, 5, 2, 3)),
    (events(START, TEXT, DELTA), "text/event-stream", Usage("claude-opus-5-5", "msg_1", "end_turn", 7, 5, 2, 3)),
    (b"".join(encode_chunk("", json.dumps(one).encode()) for one in (START, TEXT, DELTA)),
     "application/vnd.amazon.eventstream", Usage("claude-opus-5-5", "msg_1", "end_turn", 7, 5, 2, 3)),
    (json.dumps(CHAT).encode(), "application/json", SAID),
    (events({**CHAT, "usage": None}, {**CHAT, "choices": []}), "text/event-stream", SAID),
    (json.dumps(RESPONSES).encode(), "application/json", Usage("gpt", "r1", "completed", 7, 5, 2)),
    (events(COMPLETED), "text/event-stream", Usage("gpt", "r1", "completed", 7, 5, 2)),
    (json.dumps(GEMINI).encode(), "application/json", Usage("gemini", "g1", "STOP", 7, 5, 2)),
    (json.dumps([{**GEMINI, "usageMetadata": {}}, GEMINI]).encode(), "application/json",
     Usage("gemini", "g1", "STOP", 7, 5, 2)),
    (events(GEMINI), "text/event-stream", Usage("gemini", "g1", "STOP", 7, 5, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("body", "kind", "usage"), ROWS)
def test_usage_of_every_api(body: bytes, kind: str, usage: Usage) -> None:
    """Kinds of tokens are disjoint whatever the API counts within which; a text that looks like usage is none."""
    found = read_usage(body, kind)
    assert found == usage
    assert found is not None
    assert found.tokens == usage.input + usage.output + usage.cache_read + usage.cache_write


def test_usage_of_a_real_client_run() -> None:
    """The stream that Claude Code got."""
    found = read_usage((CAPTURES / "claude-code-mcp" / "07.POST.response.sse").read_bytes(), "text/event-stream")
    assert found is not None
    assert (found.model, found.id, found.input, found.output > 0) == ("claude-opus-5-5", "msg_fake000129", 12657, True)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", ""),
        (b"{", "application/json"),
        (b'{"usage": 7}', "application/json"),
        (b'{"usage": []}', ""),
        (b'data: {\n\ndata: [["usage"]]\n\n', "text/event-stream"),
        (b"\xff" * 99, "application/vnd.amazon.eventstream"),
        (b"[" * 100_000 + b'"usage"', ""),
    ],
)
def test_what_says_nothing_of_tokens_says_nothing(body: bytes, kind: str) -> None:
    """Whatever it is."""
    assert read_usage(body, kind) is None


def test_numbers_that_are_none_count_nothing() -> None:
    """Negative, huge, or no number at all."""
    body = b'{"usage": {"input_tokens": -5, "output_tokens": true, "cache_read_input_tokens": 1e999999}}'
    assert read_usage(body.replace(b"1e999999", b"99999999999999999999"), "") == Usage()
