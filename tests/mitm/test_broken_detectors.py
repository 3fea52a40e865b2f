"""A detector that fails, in a whole gateway: nothing passes, and the evidence says why."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from tests.mitm.harness import Running
from tests.mitm.upstream import PERSON, Upstream, answer, events

from interlock.masking import budget, known_detectors


def _raising(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    raise KeyError(text[start:end])


def _slow(text: bytes, start: int, end: int) -> Iterable[tuple[int, int, str]]:
    until = time.thread_time() + 0.03
    while time.thread_time() < until:
        pass
    return [(start, end, "high")]


@pytest.fixture(params=[_raising, _slow], ids=["raises", "slow"])
async def gateway(request: pytest.FixtureRequest, start: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A gateway whose rule finds addresses by a detector that is broken."""
    known = known_detectors()
    monkeypatch.setitem(known, "email", replace(known["email"], judge=request.param))
    monkeypatch.setattr(budget, "TIME", 0.1)
    async with start() as running:
        yield running


async def _ask(gateway: Running, upstream: Upstream, text: str) -> Any:
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": text}]}
    async with gateway.forward(gateway.token()) as client:
        return await client.post(f"http://127.0.0.3:{upstream.ports['claude']}/v1/messages", json=body)


async def test_a_request_does_not_leave(gateway: Running, upstream: Upstream) -> None:
    """The model never sees it."""
    response = await _ask(gateway, upstream, f"{PERSON} " * 20)
    assert (response.status_code, upstream.seen) == (451, [])
    assert gateway.reasons()[-1] == "detector-failed"
    assert PERSON not in response.text


async def test_an_answer_does_not_come(gateway: Running, upstream: Upstream) -> None:
    """The agent gets the reason instead."""
    upstream.reply = answer(json.dumps({"content": [{"type": "text", "text": f"{PERSON} " * 20}]}).encode())
    response = await _ask(gateway, upstream, "Hello")
    assert response.status_code == 451
    assert gateway.reasons()[-1] == "detector-failed"
    assert PERSON not in response.text


async def test_a_stream_ends(gateway: Running, upstream: Upstream) -> None:
    """With the protocol's own error, before the value."""
    told: list[dict[str, Any]] = [
        {"type": "message_start", "message": {"id": "m", "role": "assistant"}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"{PERSON} " * 20}},
        {"type": "content_block_stop", "index": 0},
    ]
    upstream.reply = events(*[f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in told])
    response = await _ask(gateway, upstream, "Hello")
    assert "permission_error" in response.text
    assert gateway.reasons()[-1] == "detector-failed"
    assert PERSON not in response.text
