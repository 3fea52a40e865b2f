"""One recorded exchange."""

from __future__ import annotations

import json

from interlock.engine.judge import Judge
from interlock.engine.recorded_call import RecordedCall, looking
from interlock.recording.flow_reading import RecordedFlow

BLOCK = {"type": "tool_use", "id": "t", "name": "Bash", "input": {"command": "ls"}}


def test_what_was_asked_and_what_was_proposed(load):
    """Each with whether the agent itself would run it."""
    rules = load()
    body = json.dumps({"model": "m", "max_tokens": 9, "messages": []}).encode()
    answer = json.dumps({"type": "message", "content": [BLOCK]}).encode()
    flow = RecordedFlow("f", "https", "api.anthropic.com", 443, "POST", "/v1/messages", (), body, 200, (), answer)
    call = RecordedCall(Judge(rules), rules.connection("claude"), flow)
    assert [(operation.name, agent) for operation, agent in call.operations()] == [
        ("model.message", False), ("tool.use:Bash", True), ("shell.read", True),
    ]  # fmt: skip


def test_looking_changes_nothing(load):
    """An answer without a body is not read; texts and documents are handed to whoever looks."""
    rules = load()
    seen: list[bytes] = []
    flow = RecordedFlow("f", "https", "warehouse.example.com", 443, "GET", "/x", (), b"", 200, (), b'{"a": 1}')
    call = RecordedCall(Judge(rules), rules.connection("warehouse"), flow)
    call.answer(looking(document=lambda body, told=None: seen.append(body) or body))
    assert seen == [b'{"a": 1}']
    assert looking().document(b"x") == b"x"
    assert looking().input(b"x") == b"x"
