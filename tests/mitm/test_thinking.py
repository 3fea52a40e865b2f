"""A model's thoughts through a whole gateway: passed and recorded, or left out; in answers, streams and history."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.mitm.harness import RULES, Running, until
from tests.mitm.upstream import PERSON, Upstream, answer, events

from interlock.masking.thoughts import NOTE
from interlock.protocols.thought_block import NOT_KEPT

THOUGHT = {"type": "thinking", "thinking": f"They are {PERSON}.", "signature": "c2lnbmF0dXJl"}
LEFT_OUT = {"type": "text", "text": NOTE}
RULE = "{id: people, detect: [email], with: redact}"


@pytest.fixture(params=["record", "drop"])
def verdict(request: pytest.FixtureRequest) -> str:
    """What the rule says of thoughts."""
    return str(request.param)


@pytest.fixture
async def gateway(start: Any, verdict: str) -> Any:
    """A gateway with that rule."""
    async with start(rules={"text": RULES.replace(RULE, RULE[:-1] + f", thinking: {verdict}}}")}) as running:
        yield running


async def _ask(gateway: Running, upstream: Upstream, *history: Any) -> Any:
    messages = [{"role": "user", "content": "Hello"}, *history]
    body = {"model": "m", "max_tokens": 9, "messages": messages}
    async with gateway.forward(gateway.token()) as client:
        return await client.post(f"http://127.0.0.3:{upstream.ports['claude']}/v1/messages", json=body)


def _actions(gateway: Running, kind: str) -> list[str]:
    found = [event["data"]["masked"] for event in gateway.events() if event.get("kind") == kind]
    return [entry["action"] for entry in found[-1]]


async def test_thoughts_of_the_history(gateway: Running, upstream: Upstream, verdict: str) -> None:
    """The client sends them again every turn, signature and all."""
    upstream.reply = answer(b'{"content": []}')
    await _ask(gateway, upstream, {"role": "assistant", "content": [THOUGHT]}, {"role": "user", "content": "On"})
    sent = json.loads(upstream.seen[-1].body)["messages"][1]["content"]
    assert sent == [THOUGHT if verdict == "record" else LEFT_OUT]
    assert _actions(gateway, "decision") == ["kept" if verdict == "record" else "drop"]


async def test_thoughts_of_an_answer(gateway: Running, upstream: Upstream, verdict: str) -> None:
    """As plain JSON."""
    upstream.reply = answer(json.dumps({"type": "message", "content": [THOUGHT]}).encode())
    response = await _ask(gateway, upstream)
    assert response.json()["content"] == [THOUGHT if verdict == "record" else LEFT_OUT]
    assert _actions(gateway, "response") == ["kept" if verdict == "record" else "drop"]
    assert PERSON.encode() not in gateway.recorded()


async def test_thoughts_of_a_stream(gateway: Running, upstream: Upstream, verdict: str) -> None:
    """Torn between events; recordings hold the mask either way, because they are signed by nobody."""
    told: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"id": "m", "role": "assistant"}},
        {"type": "content_block_start", "index": 0, "content_block": {**THOUGHT, "thinking": "", "signature": ""}},
        *[
            {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": letter}}
            for letter in str(THOUGHT["thinking"])
        ],
        {"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_stop"},
    ]
    upstream.reply = events(*[f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in told])
    response = await _ask(gateway, upstream)
    passed = [json.loads(line[6:]) for line in response.text.splitlines() if line.startswith("data: ")]
    text = "".join(
        each["delta"].get("thinking", "") + each["delta"].get("text", "") for each in passed if "delta" in each
    )
    assert text == (THOUGHT["thinking"] if verdict == "record" else NOTE)
    assert _actions(gateway, "response") == ["kept" if verdict == "record" else "drop"]
    await until(lambda: b"content_block_stop" in gateway.recorded())
    kept = gateway.recorded()
    assert PERSON.encode() not in kept
    assert kept.count(b"thinking_delta") == 0 if verdict == "drop" else NOT_KEPT.encode() in kept
    assert b'"thinking": "@"' not in kept
