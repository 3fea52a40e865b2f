"""Whole answers of the OpenAI API: the twins of its streams, judged alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected, InterlockError, Refused
from interlock.model import JSON, Operation, Refusal
from interlock.protocols.body import read_json
from interlock.protocols.openai_reader import ChatReader, ResponsesReader
from interlock.protocols.replies import Treatment

type Make = Callable[..., Treatment]

EVIL = '{"command": "rm -rf /"}'
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
REFUSAL = Refusal("forbidden", "It is forbidden.", reference="run/7")


def called(arguments: str = EVIL, name: str = "Bash") -> JSON:
    """One tool call."""
    return {"id": "c", "type": "function", "function": {"name": name, "arguments": arguments}}


def chat(message: JSON, finish: str = "tool_calls", **more: JSON) -> bytes:
    """A completion."""
    choice = {"index": 0, "message": message, "finish_reason": finish, **more}
    return json.dumps({"object": "chat.completion", "id": "x", "choices": [choice]}).encode()


def response(*items: JSON, **more: JSON) -> bytes:
    """An answer of the Responses API."""
    return json.dumps({"object": "response", "id": "r", "output": [*items], **more}).encode()


def read(reader: Any, body: bytes, status: int = 200) -> bytes:
    """What goes on."""
    passed = reader.whole(status, body, lambda: read_json(body))
    return b"" if passed is None else passed


CALL: JSON = {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "Bash", "arguments": EVIL}
LOOK: JSON = {"type": "function_call", "id": "fc_2", "call_id": "c", "name": "Look", "arguments": "{}"}


@pytest.mark.parametrize(
    "message",
    [
        {"role": "assistant", "content": "hi"},
        {"role": "assistant", "content": None, "tool_calls": [called("{}", "Look")]},
        {"role": "assistant", "function_call": {"name": "Look", "arguments": "{}"}},
        {"role": "assistant", "tool_calls": [{"id": "c", "type": "custom", "custom": {"name": "Look", "input": "x"}}]},
        {"role": "assistant", "tool_calls": [called("", "Look")], "reasoning_content": "hm", "annotations": []},
    ],
)
def test_what_is_permitted_goes_on_untouched(treatment: Make, message: JSON) -> None:
    """The very bytes that came."""
    body = chat(message)
    assert read(ChatReader(treatment("tool.use:Bash")), body) is body


def test_a_forbidden_call_becomes_text(treatment: Make) -> None:
    """Where none is left, the completion stops there."""
    seen: list[tuple[Operation, ...]] = []
    reader = ChatReader(treatment("tool.use:Bash", seen=seen))
    choice = json.loads(read(reader, chat({"role": "assistant", "content": "so", "tool_calls": [called()]})))[
        "choices"
    ][0]

    assert choice["finish_reason"] == "stop"
    assert "tool_calls" not in choice["message"]
    assert choice["message"]["content"].startswith("so\n\nInterlock stopped")
    assert seen[0][0].place == "/choices/0/message/tool_calls/0"
    assert seen[0][0].nested[0].text == "rm -rf /"


def test_the_others_stay(treatment: Make) -> None:
    """And the completion still ends in calls; the older kind beside them is judged as well."""
    message: JSON = {"content": None, "tool_calls": [called(), called("{}", "Look")]}
    choice = json.loads(read(ChatReader(treatment("tool.use:Bash")), chat(message)))["choices"][0]
    old: JSON = {"content": [{"type": "text", "text": "a"}], "function_call": {"name": "Bash", "arguments": EVIL}}
    other = json.loads(read(ChatReader(treatment("tool.use:Bash")), chat(old, "function_call")))["choices"][0]

    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["tool_calls"] == [called("{}", "Look")]
    assert other["finish_reason"] == "stop"
    assert "function_call" not in other["message"]
    assert len(other["message"]["content"]) == 2


def test_arguments_and_texts_are_masked_without_their_probabilities(masking: Make) -> None:
    """Each as what it is."""
    told: JSON = {"content": [{"token": "cle"}]}
    body = chat({"content": "clean", "tool_calls": [called('{"a": "clean"}', "Look")]}, logprobs=told)
    choice = json.loads(read(ChatReader(masking()), body))["choices"][0]

    assert choice["message"]["content"] == "*****"
    assert json.loads(choice["message"]["tool_calls"][0]["function"]["arguments"]) == {"a": "*****"}
    assert choice["logprobs"] is None


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"x",
        b'{"choices": {}}',
        b'{"choices": [1]}',
        b'{"choices": [{"message": []}]}',
        b'{"choices": [{"message": {"tool_calls": {}}}]}',
        b'{"choices": [{"message": {"tool_calls": ["x"]}}]}',
        b'{"choices": [{"delta": {"tool_calls": [{"function": {"name": "Bash", "arguments": "{}"}}]}}]}',
        b'{"choices": [], "tool_calls": [{"function": {"name": "Bash", "arguments": "{}"}}]}',
        b'{"choices": [{"message": {"toolCalls": [{"function": {"name": "Bash", "arguments": "{}"}}]}}]}',
        b'{"output": [{"type": "function_call", "name": "Bash", "arguments": "{}"}]}',
    ],
)
def test_a_completion_that_is_none_is_refused(treatment: Make, body: bytes) -> None:
    """A client might find a call in it all the same."""
    with pytest.raises(BodyRejected):
        read(ChatReader(treatment()), body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"output": {}}',
        b'{"output": [1]}',
        b'{"output": [], "calls": [{"name": "Bash", "arguments": "{}"}]}',
        b'{"choices": [{"message": {"tool_calls": [{"function": {"name": "Bash", "arguments": "{}"}}]}}]}',
    ],
)
def test_a_response_that_is_none_is_refused(treatment: Make, body: bytes) -> None:
    """The same for the other API."""
    with pytest.raises(BodyRejected):
        read(ResponsesReader(treatment()), body)


def test_an_item_that_is_refused_becomes_a_message(treatment: Make) -> None:
    """In its place; the others keep their bytes."""
    body = response({"type": "message", "content": []}, CALL, LOOK)
    passed = json.loads(read(ResponsesReader(treatment("tool.use:Bash")), body))

    assert [item["type"] for item in passed["output"]] == ["message", "message", "function_call"]
    assert "It is forbidden." in passed["output"][1]["content"][0]["text"]
    assert read(ResponsesReader(treatment()), body) is body


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    ("reader", "body"), [(ChatReader, chat({"tool_calls": [called()]})), (ResponsesReader, response(CALL))]
)
def test_a_call_is_seen_whatever_the_status(treatment: Make, reader: Any, body: bytes, status: int) -> None:
    """A client might go by the body."""
    assert b"rm -rf" not in read(reader(treatment("tool.use:Bash")), body, status)


def test_a_stream_that_says_it_is_json_is_read_as_a_stream(treatment: Make) -> None:
    """Clients that asked for a stream read one, whatever its type says."""
    piece: JSON = {"index": 0, "id": "c", "function": {"name": "Bash", "arguments": EVIL}}
    event = json.dumps({"choices": [{"index": 0, "delta": {"tool_calls": [piece]}, "finish_reason": "tool_calls"}]})
    passed = read(ChatReader(treatment("tool.use:Bash")), f"\ndata: {event}\n\n".encode())

    assert b"It is forbidden." in passed
    assert b"rm -rf" not in passed


def test_json_that_says_it_is_a_stream_is_refused(treatment: Make) -> None:
    """There is no event in it."""
    for reader, body in ((ChatReader, chat({"tool_calls": [called()]})), (ResponsesReader, response(CALL))):
        with pytest.raises(Refused):
            reader(treatment()).stream(200).feed(body + b"\n\n")


def test_an_error_page_is_left_to_the_gateway(treatment: Make) -> None:
    """It runs nothing."""
    assert ChatReader(treatment()).whole(502, b"<html>", lambda: None) is None


def test_last_words_are_what_each_client_raises() -> None:
    """The sentence, with the reference in it."""
    chats = ChatReader(None).last_words(REFUSAL)  # type: ignore[arg-type]
    responses = ResponsesReader(None).last_words(REFUSAL)  # type: ignore[arg-type]

    assert chats.startswith(b'data: {"error":{"message":"Interlock stopped')
    assert responses.startswith(b'event: error\ndata: {"type":"error"')
    assert b"run/7" in chats
    assert b"run/7" in responses


MEMBERS = [
    "choices",
    "message",
    "tool_calls",
    "function",
    "custom",
    "name",
    "arguments",
    "input",
    "type",
    "output",
    "content",
]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["function", "function_call", "shell_call", EVIL]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*MEMBERS, "action"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@SLOW
@given(st.dictionaries(st.sampled_from(MEMBERS), ANY, max_size=5), st.sampled_from([ChatReader, ResponsesReader]))
def test_any_document_gives_an_answer_or_our_own_error(masking: Make, document: JSON, reader: Any) -> None:
    """Whatever its members hold."""
    body = json.dumps(document).encode()
    try:
        read_json(read(reader(masking("tool.use:Bash")), body))
    except InterlockError:
        return
