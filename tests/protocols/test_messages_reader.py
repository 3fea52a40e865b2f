"""Tests for interlock.protocols.messages_reader."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from interlock.errors import BodyRejected, Refused
from interlock.model import Operation
from interlock.protocols.body import read_json
from interlock.protocols.messages_reader import BatchReader, MessagesReader
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


CALL = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": "ls"}}


def result(*content: object, **more: object) -> bytes:
    """One line of a batch's results."""
    message = {"type": "message", "role": "assistant", "content": [*content], "stop_reason": "tool_use"}
    return json.dumps({"custom_id": "a", "result": {"type": "succeeded", "message": message}, **more}).encode()


def test_the_results_of_a_batch_are_judged_like_replies(treatment: Make[Treatment]) -> None:
    """Line by line; those in which nothing changes keep their bytes."""
    seen: list[tuple[Operation, ...]] = []
    text, other = result({"type": "text", "text": "x"}), b'{"custom_id":"b","result":{"type":"errored","error":{}}}'
    body = b"\n".join([text, result(CALL), other, b""])
    reader = BatchReader(treatment("tool.use:Bash", seen=seen))
    first, second, *rest = (reader.whole(200, body, lambda: None) or b"").split(b"\n")
    message = json.loads(second)["result"]["message"]

    assert (first, rest) == (text, [other, b""])
    assert [block["type"] for block in message["content"]] == ["text"]
    assert message["stop_reason"] == "end_turn"
    assert [found.name for (found,) in seen] == ["tool.use:Bash"]
    assert BatchReader(treatment()).whole(200, body, lambda: None) == body
    assert BatchReader(treatment()).whole(404, b"<html>", lambda: None) is None


@pytest.mark.parametrize(
    "body",
    [
        b"x",
        b"[]",
        b"{}",
        result(CALL).replace(b'"result"', b'"result": {}, "result"'),
        result(tool_use=CALL),
        b'{"result": {"type": "succeeded", "message": [], "content": []}}',
        b'{"result": {"type": "errored", "content": [{"name": "Bash", "input": {}}]}}',
    ],
)
def test_a_line_that_is_no_result_is_refused(treatment: Make[Treatment], body: bytes) -> None:
    """A client might find a call in it."""
    with pytest.raises(Refused):
        BatchReader(treatment()).whole(200, body, lambda: None)
    with pytest.raises(Refused):
        BatchReader(treatment()).stream(200)


@pytest.mark.parametrize("status", [200, 400, 500])
def test_a_stream_is_judged_whatever_its_status_and_type(
    capture: Make[bytes], treatment: Make[Treatment], status: int
) -> None:
    """As the plain twin is."""
    body = capture("claude-code-dangerous-bash/02.POST.response.sse")
    stream = MessagesReader(treatment("tool.use:Bash")).stream(status)
    told = MessagesReader(treatment("tool.use:Bash")).whole(status, body, lambda: None) or b""

    assert told == stream.feed(body) + stream.close()
    assert b"tool_use" not in told
