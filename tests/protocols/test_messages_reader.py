"""Tests for interlock.protocols.messages_reader."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected
from interlock.model import Operation
from interlock.protocols.body import read_json
from interlock.protocols.messages_reader import MessagesReader
from interlock.protocols.replies import Treatment

type Make[T] = Callable[..., T]


@pytest.fixture
def replied(treatment: Make[Treatment]) -> Make[tuple[tuple[Operation, ...], bytes | None]]:
    """What a plain reply proposes, and what goes on of it where these operations are forbidden."""

    def read(body: bytes, status: int = 200, *forbidden: str) -> tuple[tuple[Operation, ...], bytes | None]:
        seen: list[tuple[Operation, ...]] = []
        passed = MessagesReader(treatment(*forbidden, seen=seen)).whole(status, body, lambda: read_json(body))
        return tuple(operation for found in seen for operation in found), passed

    return read


def test_a_captured_reply_runs_bash(capture: Make[bytes], replied: Make[tuple[tuple[Operation, ...], bytes]]) -> None:
    """The plain JSON twin of a stream; permitted, it keeps its bytes."""
    body = capture("anthropic-python-sdk/00.POST.response.json")
    (found,), passed = replied(body)

    assert (found.name, found.agent, found.place) == ("tool.use:Bash", True, "/content/1")
    assert [nested.protocol for nested in found.nested] == ["shell"]
    assert passed == body


def test_a_refused_call_becomes_text(capture: Make[bytes], replied: Make[tuple[tuple[Operation, ...], bytes]]) -> None:
    """And the turn ends there."""
    _, passed = replied(capture("anthropic-python-sdk/00.POST.response.json"), 200, "tool.use:Bash")
    document = json.loads(passed)

    assert [block["type"] for block in document["content"]] == ["text", "text"]
    assert document["stop_reason"] == "end_turn"


@pytest.mark.parametrize("status", [200, 404, 500])
def test_a_call_is_seen_whatever_the_status(replied: Make[tuple[tuple[Operation, ...], bytes]], status: int) -> None:
    """And whatever the reply calls itself."""
    body = b'{"type":"error","content":[{"type":"tool_use","name":"Bash","input":{"command":"ls"}}]}'
    (found,), _ = replied(body, status)

    assert found.name == "tool.use:Bash"


def test_errors_run_nothing(capture: Make[bytes], replied: Make[tuple[tuple[Operation, ...], bytes | None]]) -> None:
    """No content, no call; an error page that is no JSON is for the gateway to treat."""
    assert replied(capture("claude-code-benign-bash/00.GET.response.json"), 404)[0] == ()
    assert replied(b'{"type":"error","error":{}}', 529)[0] == ()
    assert replied(b"<html>", 503) == ((), None)


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"x", b'{"content":{}}', b'{"content":["x"]}'])
def test_a_reply_that_is_no_message_is_refused(replied: Make[tuple[tuple[Operation, ...], bytes]], body: bytes) -> None:
    """A client might find a call in it all the same."""
    with pytest.raises(BodyRejected):
        replied(body)
