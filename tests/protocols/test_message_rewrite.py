"""Plain JSON replies: a forbidden call becomes text, every other byte stays."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interlock.errors import BodyRejected
from interlock.model import JSON, Refusal
from interlock.protocols.body import read_json
from interlock.protocols.message_rewrite import rewrite_message

REFUSAL = Refusal("blocked", "a rule forbids it", reference="run/7")


def rewritten(body: bytes, *forbidden: str) -> bytes:
    """The body without the calls of these tools."""

    def judge(block: dict[str, JSON], place: str) -> Refusal | None:
        return REFUSAL if block["name"] in forbidden else None

    return rewrite_message(body, read_json(body), judge)


def test_a_captured_reply_loses_its_call(capture: Callable[[str], bytes]) -> None:
    """What the Python SDK got: text and a Bash call."""
    body = capture("anthropic-python-sdk/00.POST.response.json")
    document = json.loads(rewritten(body, "Bash"))

    assert rewritten(body) == body
    assert [block["type"] for block in document["content"]] == ["text", "text"]
    assert document["content"][1]["text"] == REFUSAL.sentence()
    assert document["stop_reason"] == "end_turn"


BLOCK = '{"type" : "tool_use","name":"%s" ,"id":"1", "input":{"a":[1,{"b":"}]"}]}}'


def test_only_the_spans_change() -> None:
    """Blanks, order, escapes and number spellings outside stay; the stop reason too while a call is left."""
    head, tail = (
        b' {"c\\u006fntent":[ {"type":"text","text":"\\u00e4 ]"} , ',
        b' ],\n"stop_reason": "tool_use", "x":1.50}',
    )
    keep, drop = (BLOCK % "Keep").encode(), (BLOCK % "Drop").encode()
    text = json.dumps({"type": "text", "text": REFUSAL.sentence()}, separators=(",", ":")).encode()

    assert rewritten(head + keep + b" , " + drop + tail, "Drop") == head + keep + b" , " + text + tail
    assert rewritten(head + drop + tail, "Drop") == head + text + tail.replace(b"tool_use", b"end_turn")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["Keep", "Drop", ""]), max_size=5), st.sampled_from([None, 2]))
def test_any_mixture_leaves_what_is_allowed(names: list[str], indent: int | None) -> None:
    """Content of any length, in any layout."""
    blocks = [json.loads(BLOCK % name) if name else {"type": "text", "text": "tool_use"} for name in names]
    body = json.dumps({"stop_reason": "tool_use", "content": blocks, "usage": {}}, indent=indent).encode()
    document = json.loads(rewritten(body, "Drop"))

    says = {"type": "text", "text": REFUSAL.sentence()}
    ended = "Drop" in names and "Keep" not in names
    assert document["content"] == [says if block.get("name") == "Drop" else block for block in blocks]
    assert document["stop_reason"] == ("end_turn" if ended else "tool_use")


def test_a_call_that_cannot_be_read_becomes_text() -> None:
    """Input that is no object never passes, whatever the judge says."""
    body = b'{"content":[{"type":"tool_use","name":"Bash","input":"rm -rf /"}],"stop_reason":"tool_use"}'

    assert b"rm -rf" not in rewritten(body)


@pytest.mark.parametrize("body", [b'{"type":"error","error":{}}', b"[]", b'{"input_tokens":1}'])
def test_what_has_no_content_is_left_alone(body: bytes) -> None:
    """Errors and counts."""
    assert rewritten(body) is body


@pytest.mark.parametrize("body", [b'{"content":{"type":"tool_use"}}', b'{"content":["x"]}', b'{"content":null}'])
def test_content_of_another_shape_is_refused(body: bytes) -> None:
    """A client might make blocks of it."""
    with pytest.raises(BodyRejected):
        rewritten(body)


@pytest.mark.parametrize(
    "place",
    [
        '{"content": [], "message": {"content": [%s]}}',
        '{"content": [{"type": "web_search_tool_result", "content": [%s]}]}',
        '{"content": [{"type": "mcp_tool_use", "name": "x", "input": {}, "next": %s}]}',
    ],
)
def test_no_call_stands_where_none_belongs(place: str) -> None:
    """Some client might look there."""
    with pytest.raises(BodyRejected):
        rewritten((place % (BLOCK % "Keep")).encode())
