"""Sizes: each connection's own limits hold in both directions, whatever the gateway's default is."""

from __future__ import annotations

import gzip
import json

import pytest
from tests.mitm.upstream import answer

MB = 1 << 20
SIZED = """
  - name: small
    protocol: http
    hosts: ["http://127.0.0.3:$port"]
    addresses: [127.0.0.0/8]
    max_body: 64KiB
    max_response: 64KiB
"""
LARGE = SIZED.replace("64KiB", "20MiB").replace("small", "large")
RULE = """
  - {id: sized, permit: ["http.post /sized/**"], on: [NAME], to: {from: demo}}
"""


def rules(upstream, text: str, name: str) -> dict[str, str]:
    """One more connection, in the place of the feed's."""
    connection = text.replace("$port", str(upstream.ports["feed"]))
    return {"connections": connection, "policy": RULE.replace("NAME", name), "feed": "9", "body": "20MiB"}


@pytest.mark.parametrize(("size", "code"), [(60_000, 200), (70_000, 413)])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_request_is_held_to_its_connections_limit(start, upstream, url, size, code, chunked) -> None:
    """Less than the gateway's default."""

    async def pieces():
        yield b"x" * size

    headers = {"content-type": "text/plain"}
    async with start(rules=rules(upstream, SIZED, "small")) as gateway, gateway.forward(gateway.token()) as client:
        body = pieces() if chunked else b"x" * size
        response = await client.post(url("feed", "/sized/x"), content=body, headers=headers)

    assert response.status_code == code
    assert len(upstream.seen) == (code == 200)


async def test_more_than_the_default_can_be_allowed(start, upstream, url) -> None:
    """15 MB in each direction."""
    upstream.reply = answer(b"y" * (15 * MB), kind="text/plain")
    headers = {"content-type": "text/plain"}
    async with start(rules=rules(upstream, LARGE, "large")) as gateway, gateway.forward(gateway.token()) as client:
        response = await client.post(url("feed", "/sized/x"), content=b"x" * (15 * MB), headers=headers)

    assert response.status_code == 200
    assert len(response.content) == 15 * MB
    assert len(upstream.seen[0].body) == 15 * MB


async def test_an_answer_larger_than_the_request_limit_passes(gateway, upstream, url) -> None:
    """`max_response` is a limit of its own, 64 MiB unless written."""
    upstream.reply = answer(b"y" * (12 * MB), kind="text/plain")
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(url("docs"))

    assert response.status_code == 200
    assert len(response.content) == 12 * MB


async def test_an_answer_beyond_its_limit_is_refused(start, upstream, url) -> None:
    """502, and nothing of it reaches the agent."""
    upstream.reply = answer(b"y" * 100_000, kind="text/plain")
    async with start(rules=rules(upstream, SIZED, "small")) as gateway, gateway.forward(gateway.token()) as client:
        response = await client.post(url("feed", "/sized/x"), json={})
        reasons = gateway.reasons()

    assert response.status_code == 502
    assert "body-too-large" in reasons
    assert "yyy" not in response.text


@pytest.mark.parametrize("direction", ["request", "response"])
async def test_a_body_that_unpacks_to_more_than_the_limit_is_refused(start, upstream, url, direction) -> None:
    """A small gzip of a large body costs a small amount of memory."""
    bomb = gzip.compress(json.dumps({"a": "x" * (8 * MB)}).encode())
    headers = {"content-type": "application/json"}
    if direction == "request":
        headers["content-encoding"] = "gzip"
    upstream.reply = answer(bomb, headers=[("Content-Encoding", "gzip")])
    async with start(rules=rules(upstream, SIZED, "small")) as gateway, gateway.forward(gateway.token()) as client:
        content = bomb if direction == "request" else b"{}"
        response = await client.post(url("feed", "/sized/x"), content=content, headers=headers)

    assert response.status_code == (413 if direction == "request" else 502)
    assert len(upstream.seen) == (direction == "response")
