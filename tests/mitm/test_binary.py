"""Pictures and files in messages, through a whole gateway: what nobody can search passes, is left out, or forbids."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.mitm.harness import RULES, Running
from tests.mitm.upstream import Upstream, answer

PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"
SOURCE = {"type": "base64", "media_type": "image/png", "data": PICTURE}


async def _ask(gateway: Running, upstream: Upstream) -> Any:
    content = [{"type": "text", "text": "What is this?"}, {"type": "image", "source": SOURCE}]
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": content}]}
    async with gateway.forward(gateway.token()) as client:
        return await client.post(f"http://127.0.0.3:{upstream.ports['claude']}/v1/messages", json=body)


async def _list(gateway: Running, upstream: Upstream) -> Any:
    async with gateway.forward(gateway.token()) as client:
        return await client.get(f"http://127.0.0.3:{upstream.ports['docs']}/open/x")


def _rules(policy: str) -> str:
    text = RULES
    for name in ("docs", "claude"):
        text = text.replace(f"{{name: {name}, ", f"{{name: {name}, binary: {policy}, ")
    return text


@pytest.mark.parametrize("policy", ["pass", "drop", "forbid"])
async def test_a_picture_for_a_model_goes_as_the_connection_says(start, upstream, policy) -> None:
    """It passes as it is, stays behind a note, or the request is refused before anything leaves."""
    upstream.reply = answer(b'{"content": []}')
    async with start(rules={"text": _rules(policy)}) as gateway:
        response = await _ask(gateway, upstream)
        if policy == "forbid":
            assert (response.status_code, upstream.seen) == (451, [])
            assert "body-unparsable" in gateway.reasons()
            return
        sent = json.loads(upstream.seen[-1].body)["messages"][0]["content"]
        assert sent[0] == {"type": "text", "text": "What is this?"}
        note = {"type": "text", "text": "[image/png left out: it cannot be searched]"}
        assert sent[1] == ({"type": "image", "source": SOURCE} if policy == "pass" else note)


@pytest.mark.parametrize("policy", ["pass", "drop", "forbid"])
async def test_a_picture_in_an_answer_goes_as_the_connection_says(start, upstream, policy) -> None:
    """In its JSON; a picture that is the whole answer never passes where masks apply."""
    part = {"type": "image", "mimeType": "image/png", "data": PICTURE}
    upstream.reply = answer(json.dumps({"content": [part, {"a": 1}]}).encode())
    async with start(rules={"text": _rules(policy)}) as gateway:
        response = await _list(gateway, upstream)
        if policy == "forbid":
            assert response.status_code == 502
            assert PICTURE not in response.text
            return
        assert (PICTURE in response.text) == (policy == "pass")
        assert response.json()["content"][1] == {"a": 1}
