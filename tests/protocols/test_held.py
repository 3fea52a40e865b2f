"""One held call (whole streams: test_message_stream.py)."""

from __future__ import annotations

import pytest

from interlock.errors import BodyRejected
from interlock.model import Refusal
from interlock.protocols.held import HeldBlock, judged, unreadable
from interlock.reasons import Reason

BLOCK = {"type": "tool_use", "name": "Bash", "id": "t", "input": {}}


def test_a_permitted_call_comes_out_as_it_went_in() -> None:
    """Start, deltas and stop, byte for byte."""
    held = HeldBlock(0, BLOCK, b"start;", 100)
    held.delta({"type": "input_json_delta", "partial_json": '{"a":1}'}, b"delta;")
    held.hold(b"odd;")

    assert held.finish(b"stop", lambda block, place: None, None) == (b"start;delta;odd;stop", True)


def test_a_refused_call_leaves_only_its_stop() -> None:
    """Behind the text that says why."""
    held = HeldBlock(3, BLOCK, b"start;", 100)
    passed, kept = held.finish(b"stop", lambda block, place: Refusal("blocked", "no"), None)

    assert not kept
    assert passed.endswith(b"stop")
    assert b"start;" not in passed
    assert b'"index":3' in passed


def test_a_call_is_bounded() -> None:
    """Its start as well."""
    with pytest.raises(BodyRejected) as caught:
        HeldBlock(0, BLOCK, b"x" * 11, 10)

    assert caught.value.reason is Reason.BODY_TOO_LARGE


def test_the_judges_silence_is_not_enough_for_what_cannot_be_read() -> None:
    """Only an object can be a tool's input."""
    refusal = judged({**BLOCK, "input": "text"}, "", lambda block, place: None)

    assert refusal is not None
    assert refusal.reason == Reason.BODY_UNPARSABLE


def test_a_name_is_shown_only_if_it_is_one() -> None:
    """Everything from traffic is hostile to its reader."""
    error = BodyRejected(Reason.BODY_UNPARSABLE)

    assert unreadable({"name": "Bash"}, error).operation == "tool.use:Bash"
    for name in ("a\x1b[31m", "ü", "x" * 300, 7, None):
        assert unreadable({"name": name}, error).operation == "tool.use"
