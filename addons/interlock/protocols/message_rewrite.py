"""Plain JSON Messages replies: a forbidden tool call becomes text in its place, every other byte stays."""

from __future__ import annotations

from collections.abc import Callable

from interlock.errors import BodyRejected, Refused
from interlock.model import JSON
from interlock.protocols.blocks import is_tool_call
from interlock.protocols.body import encode_json, read_json
from interlock.protocols.held import Judge, judged, unreadable
from interlock.protocols.proposals import hides_call
from interlock.protocols.requests import Member
from interlock.protocols.spans import Span, item_spans, member_spans, splice
from interlock.reasons import Reason

__all__ = ["hides_block", "rewrite_message"]

_OWN = ("name", "input")


type Treat = Callable[[bytes], bytes]


def rewrite_message(body: bytes, document: JSON, judge: Judge, treat: Treat = bytes) -> bytes:
    """The reply without the tool calls that `judge` refuses; the very same bytes if nothing changes.

    `treat` gives a call's input as the agent gets it, and as it is judged. `document` is what read_json made of
    `body`. Where no call is left, a stop_reason of tool_use becomes end_turn: a client that finds none asks again.
    Raises BodyRejected for content that is no list of blocks.
    """
    if type(document) is not dict or "content" not in document:
        return body
    content = document["content"]
    if type(content) is not list or not all(type(block) is dict for block in content):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "the reply's content is not a list of blocks")
    if hides_call({name: value for name, value in document.items() if name != "content"}):
        raise BodyRejected(Reason.BODY_UNPARSABLE, "a call stands outside of the reply's content")
    members = member_spans(body)
    spans = item_spans(body, members["content"][0])
    changes: dict[Span, bytes] = {}
    kept = 0
    for index, block in enumerate(content):
        if type(block) is not dict or not is_tool_call(block):
            if type(block) is dict and hides_block(block):
                raise BodyRejected(Reason.BODY_UNPARSABLE, "a block that is no call holds one")
            continue
        place, treated = member_spans(body, spans[index][0]).get("input"), block
        try:
            if place is not None and type(block.get("input")) is dict:
                treated = _treated(block, body, place, treat, changes)
            refusal = judged(treated, f"/content/{index}", judge)
        except Refused as error:
            refusal = unreadable(block, error)
        kept += refusal is None
        if refusal is not None and place is not None:
            changes.pop(place, None)
        if refusal is not None:
            changes[spans[index]] = encode_json({"type": "text", "text": refusal.sentence()})
    if changes and not kept and document.get("stop_reason") == "tool_use":
        changes[members["stop_reason"]] = b'"end_turn"'
    return splice(body, changes)


def hides_block(block: Member) -> bool:
    """Whether a block that no agent runs holds one; what runs at the provider has a name and an input itself."""
    return hides_call({name: value for name, value in block.items() if name not in _OWN})


def _treated(block: Member, body: bytes, place: Span, treat: Treat, changes: dict[Span, bytes]) -> Member:
    """The block with its input treated, which is noted as a change where it is one."""
    before = body[slice(*place)]
    after = treat(before)
    if after == before:
        return block
    changes[place] = after
    return {**block, "input": read_json(after)}
