"""Expiry inside a tunnel: said in the client's protocol, then the connection ends, so that the next CONNECT asks."""

from __future__ import annotations

import asyncio
import json

import httpx2
import mcp
import pytest
from mcp.client.streamable_http import streamable_http_client
from tests.mitm.harness import FORWARD, Running, open_tunnel, say
from tests.mitm.test_contain import status
from tests.mitm.test_http2 import Client, head
from tests.mitm.upstream import Seen, answer

from interlock.mitm.authenticate import RENEWAL

CALL = b'{"jsonrpc": "2.0", "id": 7, "method": "tools/list"}'
NOTE = b'{"jsonrpc": "2.0", "method": "notifications/initialized"}'
ASK = b'{"model": "m", "max_tokens": 1, "messages": []}'
EXPIRED = [
    ("tls", "GET", "/open/x", b"", 403, None),
    ("tls", "POST", "/open/x", b'{"a": 1}', 403, None),
    ("claude-tls", "POST", "/v1/messages", ASK, 451, None),
    ("tickets-tls", "POST", "/mcp", CALL, 200, 7),
    ("tickets-tls", "POST", "/mcp", b"[%s, %s]" % (NOTE, CALL.replace(b"7", b'"a"')), 200, "a"),
    ("tickets-tls", "POST", "/mcp", NOTE, 403, None),
    ("tickets-tls", "POST", "/mcp", b"{", 403, None),
    ("tickets-tls", "GET", "/mcp", b"", 403, None),
]


def post(target: str, method: str, path: str, body: bytes) -> tuple[str, ...]:
    """The head of a request."""
    length = f"Content-Length: {len(body)}"
    return (f"{method} {path} HTTP/1.1", f"Host: {target}", "Content-Type: application/json", length)


@pytest.mark.parametrize(("name", "method", "path", "body", "code", "identifier"), EXPIRED)
async def test_expiry_inside_a_tunnel_ends_the_connection(
    gateway, upstream, name, method, path, body, code, identifier
) -> None:
    """In words of the client's protocol, to the request it made; the next CONNECT gets its 407."""
    upstream.reply = answer(b"{}")
    token, target = gateway.token(lifetime=60), f"localhost:{upstream.ports[name]}"
    reader, writer, _ = await open_tunnel(gateway, target, token, sni="localhost")
    gateway.clock.ahead = 120
    data = await say(reader, writer, *post(target, method, path, body), body=body)
    rest = await asyncio.wait_for(reader.read(), 2)
    writer.close()
    _, writer, again = await open_tunnel(gateway, target, token)
    writer.close()

    assert status(data) == code
    said, _, text = data.partition(b"\r\n\r\n")
    assert b"connection: close" in said.lower()
    document = json.loads(text)
    if name == "tickets-tls" and method == "POST":
        (document,) = document if isinstance(document, list) else [document]
        assert document["id"] == identifier
        assert document["error"]["data"]["reason"] == "token-expired"
    elif name == "claude-tls":
        assert document["error"]["type"] == "permission_error"
    assert b"expired" in data
    assert rest == b""
    assert status(again) == 407
    assert upstream.seen == []
    assert gateway.reasons() == ["token-expired", "token-expired"]


async def test_a_large_body_after_expiry_is_not_read_to_its_end(start, upstream) -> None:
    """Past the connection's limit it is answered without an id, and the connection ends all the same."""
    async with start(rules={"body": "1KiB"}) as gateway:
        token, target = gateway.token(lifetime=60), f"localhost:{upstream.ports['tickets-tls']}"
        reader, writer, _ = await open_tunnel(gateway, target, token, sni="localhost")
        gateway.clock.ahead = 120
        body = CALL.replace(b"}", b', "params": {"a": "%s"}}' % (b"x" * 2000))
        data = await say(reader, writer, *post(target, "POST", "/mcp", body), body=body)
        rest = await asyncio.wait_for(reader.read(), 2)
        writer.close()

    assert status(data) == 413
    assert rest == b""
    assert upstream.seen == []


async def test_expiry_on_http2_ends_the_connection(gateway, upstream) -> None:
    """The answer has the request's id; then everything else on the connection ends too."""
    target = f"localhost:{upstream.ports['tickets-tls']}"
    reader, writer, _ = await open_tunnel(gateway, target, gateway.token(lifetime=60), sni="localhost", alpn="h2")
    client = Client(reader, writer)
    gateway.clock.ahead = 120
    fields = head(upstream.ports["tickets-tls"], "/mcp", "POST")
    stream = client.send([*fields, ("content-type", "application/json")], CALL)
    await client.finish()
    await asyncio.wait_for(reader.read(), 2)
    writer.close()

    answered = client.answers[stream]
    assert answered.status == 200
    assert json.loads(answered.body)["id"] == 7
    assert upstream.seen == []


async def serve_mcp(seen: Seen, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As much of an MCP server as a client needs that lists its tools."""
    message = json.loads(seen.body or b"{}")
    results = {
        "initialize": {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "tickets", "version": "1"},
        },
        "tools/list": {"tools": []},
    }
    if seen.method != "POST":
        writer.write(answer(b"", status=405))
    elif "id" not in message:
        writer.write(answer(b"", status=202))
    else:
        reply = {"jsonrpc": "2.0", "id": message["id"], "result": results[message["method"]]}
        writer.write(answer(json.dumps(reply).encode()))


async def test_the_real_mcp_client_reads_why(gateway: Running, upstream) -> None:
    """Through CONNECT and TLS: the call ends at once with the sentence, not with a broken connection."""
    upstream.reply = serve_mcp
    proxy = f"http://run-1:{gateway.token(lifetime=60)}@{FORWARD}:{gateway.port()}"
    url = f"https://localhost:{upstream.ports['tickets-tls']}/mcp"
    async with (
        httpx2.AsyncClient(proxy=proxy, verify=gateway.trust, timeout=5, trust_env=False) as http,
        mcp.Client(streamable_http_client(url, http_client=http), mode="legacy") as client,
    ):
        listed = await client.list_tools()
        gateway.clock.ahead = 120
        with pytest.raises(mcp.MCPError, match="expired"):
            await client.call_tool("anything", {})

    assert listed.tools == []
    assert "tools/call" not in repr(upstream.seen)


@pytest.mark.parametrize(("left", "closes"), [(RENEWAL + 60, False), (RENEWAL - 10, True)])
async def test_a_connection_ends_by_itself_before_its_identity_does(gateway, upstream, left, closes) -> None:
    """The last answers before expiry say so, and a client opens the next connection with its next token."""
    upstream.reply = answer(b"{}")
    target = f"localhost:{upstream.ports['tls']}"
    reader, writer, _ = await open_tunnel(gateway, target, gateway.token(lifetime=300), sni="localhost")
    gateway.clock.ahead = 300 + 30 - left
    data = await say(reader, writer, *post(target, "GET", "/open/x", b""))
    if closes:
        assert await asyncio.wait_for(reader.read(), 2) == b""
    writer.close()

    assert status(data) == 200
    assert (b"connection: close" in data.lower()) is closes
    assert [seen.name for seen in upstream.seen] == ["tls"]
