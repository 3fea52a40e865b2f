"""What a conversation is made of."""

from __future__ import annotations

import json

import pytest

from interlock.masking.actions import Span
from interlock.masking.blocks import blocks_of, inside, without_blocks

BODY = b'{"model" : "x" , "messages":[ {"a": "]}"},\n{} ,"text",{"b":[{}]}], "tools":[],"n":{"messages":[{}]}}'


def test_blocks_are_the_objects_in_the_lists_of_a_conversation():
    """With their places and their very bytes; texts in such a list are none."""
    found = blocks_of(BODY)
    assert [(block.name, block.number, block.text) for block in found] == [
        ("messages", 0, b'{"a": "]}"}'),
        ("messages", 1, b"{}"),
        ("messages", 3, b'{"b":[{}]}'),
    ]
    assert all(BODY[block.start : block.end] == block.text for block in found)
    around = json.loads(without_blocks(BODY, found))
    assert around["messages"] == [{}, {}, "text", {}]


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"a":1}', b'{"messages":[{}],"messages":[{}]}', b'{"messages":[{}],"\\u006dodel":1,"model":2}'],
)
def test_what_is_no_conversation_or_not_sure_to_be_one_has_no_blocks(body):
    """Members that stand twice are seen by the bytes that do not fit."""
    assert not blocks_of(body)


def test_what_was_chosen_is_sorted_by_block():
    """Where a block itself was chosen, or what holds it, there is no sorting."""
    span = Span(0, 0, "redact", "r", "r", "path")
    blocks = blocks_of(BODY)
    chosen = {("messages", 3, "b"): span, ("model",): span, ("messages", 2): span}
    assert inside(chosen, blocks) == {
        ("messages", 3): {("b",): span},
        (): {("model",): span, ("messages", 2): span},
    }
    assert all(inside({place: span}, blocks) is None for place in [(), ("messages",), ("messages", 1)])
