"""Thoughts in streams: byte for byte, or a note in their place."""

from __future__ import annotations

import json

import pytest

from interlock.errors import BodyRejected
from interlock.masking import Literal, Masker, MaskRule
from interlock.masking.thoughts import NOTE, SEALED_NOTE, Watch
from interlock.model import JSON, Secret
from interlock.protocols.message_stream import MessageStream
from interlock.protocols.sse import EventParser, encode_event
from interlock.protocols.thought_block import NOT_KEPT, is_thought, without_thoughts
from interlock.reasons import Reason

MAIL = "erika.mustermann@example.com"
SECRET = "sk-canary-0123456789abcdefghij"
RECORD = MaskRule("mails", detect=("email",))
DROP = MaskRule("mails", detect=("email",), thinking="drop")
SEALED = MaskRule("mails", detect=("email",), sealed="drop")
SIGNATURE: JSON = {"type": "signature_delta", "signature": "c2ln"}


def _event(kind: str, **members: JSON) -> bytes:
    return encode_event(kind, json.dumps({"type": kind, **members}).encode())


def _thought(text: str, size: int, **more: JSON) -> bytes:
    deltas: list[JSON] = [
        {"type": "thinking_delta", "thinking": text[at : at + size]} for at in range(0, len(text), size)
    ]
    block = {"type": "thinking", "thinking": "", "signature": "", **more}
    return (
        _event("message_start", message={"content": []})
        + _event("content_block_start", index=0, content_block=block)
        + b"".join(_event("content_block_delta", index=0, delta=delta) for delta in (*deltas, SIGNATURE))
        + _event("content_block_stop", index=0)
        + _event("content_block_start", index=1, content_block={"type": "text", "text": ""})
        + _event("content_block_delta", index=1, delta={"type": "text_delta", "text": ""})
        + _event("content_block_stop", index=1)
        + _event("message_delta", delta={"stop_reason": "end_turn"})
        + _event("message_stop")
    )


def _passed(rules: list[MaskRule], body: bytes, chunk: int = 0, literals: tuple[Literal, ...] = ()) -> bytes:
    masker = Masker(rules, b"k" * 32, literals)
    stream = MessageStream(
        lambda block, place: None,
        masker.stream,
        mask_event=lambda data: masker.json(data).body,
        watch=lambda: Watch(masker),
    )
    step = chunk or len(body)
    return b"".join(stream.feed(body[at : at + step]) for at in range(0, len(body), step)) + stream.close()


def _fed(stream: MessageStream, body: bytes) -> bytes:
    return stream.feed(body) + stream.close()


def _blocks(body: bytes) -> list[str]:
    """The text of each block, thoughts included."""
    found: list[str] = []
    for event in EventParser().feed(body):
        told = json.loads(event.data or b"{}")
        if told.get("type") == "content_block_start":
            assert told["index"] == len(found)
            found.append(told["content_block"].get("text", ""))
        elif told.get("type") == "content_block_delta":
            found[-1] += told["delta"].get("text", "") + told["delta"].get("thinking", "")
    return found


@pytest.mark.parametrize("size", [1, 5, 200])
def test_a_signed_thought_keeps_every_byte(size: int) -> None:
    """Also where something is found in it."""
    body = _thought(f"They are {MAIL}.", size)
    assert _passed([RECORD], body) == body


@pytest.mark.parametrize("size", [1, 5, 200])
@pytest.mark.parametrize("chunk", [0, 1, 33])
def test_a_thought_that_a_rule_leaves_out_becomes_a_note(size: int, chunk: int) -> None:
    """At every cut; the blocks behind it keep their numbers, and nothing of it went before."""
    passed = _passed([DROP], _thought(f"They are {MAIL}, as I said. And more.", size), chunk)
    assert _blocks(passed) == [NOTE, ""]
    assert b"thinking" not in passed
    assert b"They" not in passed


def test_a_held_thought_without_a_finding_keeps_every_byte() -> None:
    """It only comes later."""
    body = _thought("Nothing here.", 4)
    assert _passed([DROP], body) == body


def test_thoughts_that_nobody_can_read_pass_or_are_left_out() -> None:
    """Redacted ones, and those of which only the signature comes."""
    for told in (_thought("", 1), _thought("", 1, type="redacted_thinking", data="AAAA")):
        body = told.replace(b'"thinking": "", ', b"")
        assert _passed([DROP], body) == body
        assert _blocks(_passed([SEALED], body)) == [SEALED_NOTE, ""]
    assert _blocks(_passed([SEALED], _thought("I think.", 3))) == ["I think.", ""]


@pytest.mark.parametrize("size", [1, 3, 200])
def test_a_known_secret_in_a_thought_ends_the_stream(size: int) -> None:
    """Nothing of it has gone on before."""
    passed: list[bytes] = []
    masker = Masker([RECORD], b"k" * 32, [Literal(Secret(SECRET))])
    stream = MessageStream(lambda block, place: None, masker.stream, watch=lambda: Watch(masker))
    with pytest.raises(BodyRejected) as caught:
        passed += [stream.feed(bytes([byte])) for byte in _thought(f"It is {SECRET} .", size)]
    assert caught.value.reason is Reason.STREAM_UNREADABLE
    assert SECRET[:8] not in "".join(_blocks(b"".join(passed)))
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("delta", [{"type": "text_delta", "text": "x"}, {"type": "thinking_delta", "thinking": 1}])
def test_what_is_no_thought_ends_the_stream(delta: JSON) -> None:
    """A text in a thought would be shown and never masked."""
    body = _event("message_start", message={"content": []})
    body += _event("content_block_start", index=0, content_block={"type": "thinking", "thinking": ""})
    with pytest.raises(BodyRejected) as caught:
        _passed([RECORD], body + _event("content_block_delta", index=0, delta=delta))
    assert caught.value.reason is Reason.STREAM_UNREADABLE


def test_a_thought_that_never_ends_is_bounded() -> None:
    """Where it is held."""
    masker = Masker([DROP], b"k" * 32)
    stream = MessageStream(lambda block, place: None, masker.stream, watch=lambda: Watch(masker), max_block=2000)
    with pytest.raises(BodyRejected) as caught:
        _fed(stream, _thought("and more " * 400, 9))
    assert caught.value.reason is Reason.BODY_TOO_LARGE


@pytest.mark.parametrize("kind", ["text", "tool_use", 1, None, ["thinking"]])
def test_other_blocks_are_no_thoughts(kind: JSON) -> None:
    """By their type alone."""
    assert not is_thought({"type": kind, "thinking": "x"})


@pytest.mark.parametrize("size", [1, 200])
def test_a_recorded_stream_holds_no_thought(size: int) -> None:
    """Its pieces cannot be masked one by one; everything else keeps its bytes."""
    body = _thought(f"They are {MAIL}.", size)
    kept = without_thoughts(body)
    assert _blocks(kept) == [NOT_KEPT, ""]
    assert kept.startswith(body[: body.index(b"event: content_block_delta")])
    assert kept.endswith(body[body.index(b"event: content_block_stop") :])
    assert without_thoughts(b"data: {broken\n\n") == b"data: {broken\n\n"
