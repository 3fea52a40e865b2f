"""Tests for interlock.protocols.mcp_reader."""

from __future__ import annotations

import json
from collections.abc import Callable

from interlock.model import Exchange, Refusal
from interlock.protocols.mcp_reader import McpReader
from interlock.protocols.replies import Treatment

type Make[T] = Callable[..., T]


def test_the_last_words_answer_the_waiting_request(treatment: Make[Treatment], request_of: Make[Exchange]) -> None:
    """With its id, so that its client stops to wait."""
    request = request_of("POST", "/mcp", b'{"jsonrpc":"2.0","id":7,"method":"tools/list"}')
    said = McpReader(treatment(), request).last_words(Refusal("forbidden", "No."))

    assert json.loads(said.partition(b"data: ")[2])["id"] == 7


def test_messages_keep_their_bytes(treatment: Make[Treatment], request_of: Make[Exchange]) -> None:
    """Where nothing is masked; what is no JSON is for the gateway to treat."""
    reader = McpReader(treatment(), request_of("POST", "/mcp"))
    event = b'data: {"jsonrpc":"2.0","method":"notifications/progress"}\r\n\r\n'

    assert reader.stream(200).feed(event) == event
    assert reader.whole(200, b'{"a": 1}', lambda: {"a": 1}) == b'{"a": 1}'
    assert reader.whole(404, b"no", lambda: None) is None
