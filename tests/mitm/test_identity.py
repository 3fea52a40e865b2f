"""Identity: bound by CONNECT, judged again on every request; nothing is buffered for strangers."""

from __future__ import annotations

import asyncio
import contextlib
import resource
from typing import Any

import httpx
import pytest
from tests.mitm.harness import REVERSE, Running, open_tunnel, read_all, say, until
from tests.mitm.test_contain import status
from tests.mitm.upstream import HOST

MB = 1 << 20


async def test_a_connect_without_identity_is_challenged(gateway, upstream) -> None:
    """407, Basic first: git and others send what the proxy URL holds only after having seen it."""
    _, writer, data = await open_tunnel(gateway, f"localhost:{upstream.ports['tls']}")
    writer.close()

    assert status(data) == 407
    assert data.lower().index(b"proxy-authenticate: basic") < data.lower().index(b"proxy-authenticate: bearer")
    assert upstream.dials == 0


async def test_requests_in_a_tunnel_have_their_connects_identity(gateway, upstream) -> None:
    """Without a token of their own; or with the same one, which is removed."""
    token = gateway.token()
    reader, writer, _ = await open_tunnel(gateway, f"localhost:{upstream.ports['tls']}", token, sni="localhost")
    host = f"Host: localhost:{upstream.ports['tls']}"
    first = await say(reader, writer, "GET /open/x HTTP/1.1", host)
    second = await say(reader, writer, "GET /open/y HTTP/1.1", host, f"Proxy-Authorization: Bearer {token}")
    writer.close()

    assert [status(first), status(second)] == [200, 200]
    assert all("proxy-authorization" not in seen.names() for seen in upstream.seen)
    assert token not in repr(upstream.seen)


async def test_another_token_inside_a_tunnel_is_refused(gateway, upstream) -> None:
    """A tunnel has one identity, also when both tokens are good."""
    reader, writer, _ = await open_tunnel(
        gateway, f"localhost:{upstream.ports['tls']}", gateway.token(), sni="localhost"
    )
    other = gateway.token(subject="max")
    data = await say(
        reader, writer, "GET /open/x HTTP/1.1", f"Host: localhost:{upstream.ports['tls']}",
        f"Proxy-Authorization: Bearer {other}",
    )  # fmt: skip
    writer.close()

    assert status(data) == 403
    assert "token-ambiguous" in gateway.reasons()
    assert upstream.seen == []


async def test_a_token_that_expires_while_the_body_comes_is_refused(gateway, upstream, url) -> None:
    """Judged again when the whole request is here."""

    async def body() -> Any:
        yield b'{"a":'
        gateway.clock.ahead = 7200
        yield b"1}"

    token = gateway.token()
    async with gateway.forward(token) as client:
        response = await client.post(url("docs"), content=body(), headers={"content-type": "application/json"})

    assert response.status_code == 407
    assert "token-expired" in gateway.reasons()
    assert upstream.seen == []


@pytest.mark.parametrize(("placement", "code"), [("forward", 407), ("reverse", 401)])
@pytest.mark.parametrize("token", ["", "nonsense", "eyJhbGciOiJub25lIn0.e30."])
async def test_small_bodies_without_identity_are_answered(gateway, upstream, url, placement, code, token) -> None:
    """The challenge comes; the body went nowhere."""
    if placement == "forward":
        async with gateway.forward(token) as client:
            response = await client.post(url("docs"), json={"a": "b" * 10_000})
    else:
        async with gateway.reverse(token) as client:
            response = await client.post("/connections/docs/open/x", json={"a": "b" * 10_000})

    assert response.status_code == code
    assert upstream.seen == []


async def upload(gateway: Running, head: str, *, megabytes: int, chunked: bool) -> tuple[bytes, int]:
    """The answer to a large upload without a token, and how much was sent when the connection ended."""
    reader, writer = await asyncio.open_connection(REVERSE, gateway.port("reverse"))
    framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {megabytes * MB}"
    writer.write(f"{head}\r\nHost: a\r\n{framing}\r\n\r\n".encode())
    piece, sent = b"x" * 65536, 0
    reading = asyncio.create_task(read_all(reader, silence=5))
    with contextlib.suppress(ConnectionError):
        while sent < megabytes * MB and not reading.done():
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            await writer.drain()
            sent += len(piece)
            await asyncio.sleep(0)
        if chunked:
            writer.write(b"0\r\n\r\n")
    data = await reading
    writer.close()
    return data, sent


@pytest.mark.parametrize("chunked", [True, False])
@pytest.mark.parametrize("megabytes", [5, 9])
async def test_large_bodies_without_identity_are_not_buffered(gateway, upstream, caplog, chunked, megabytes) -> None:
    """The answer comes early and the connection ends; nothing of it is kept."""
    data, sent = await upload(gateway, "POST /connections/docs/open/x HTTP/1.1", megabytes=megabytes, chunked=chunked)

    assert status(data) == 401
    assert sent < megabytes * MB
    assert "crashed" not in caplog.text
    assert upstream.dials == 0
    assert "token-missing" in gateway.reasons()


async def test_many_large_bodies_without_identity_cost_no_memory(gateway) -> None:
    """Forty uploads of 5 MB: strangers cannot fill the memory."""
    await upload(gateway, "POST /connections/docs/open/x HTTP/1.1", megabytes=5, chunked=True)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    uploads = [
        upload(gateway, "POST /connections/docs/open/x HTTP/1.1", megabytes=5, chunked=bool(number % 2))
        for number in range(40)
    ]
    answers = await asyncio.gather(*uploads)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert {status(data) for data, _ in answers} == {401}
    assert grown < 60 * 1024


async def test_an_upload_that_is_torn_leaves_nothing(gateway, upstream) -> None:
    """A client that hangs up in the middle, again and again."""
    for _ in range(5):
        reader, writer = await asyncio.open_connection(REVERSE, gateway.port("reverse"))
        writer.write(
            b"POST /connections/docs/open/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000
        )
        await writer.drain()
        writer.close()
        del reader
    await until(lambda: gateway.reasons().count("token-missing") >= 1)
    await until(lambda: not gateway.services.clients)

    assert upstream.dials == 0


@pytest.mark.parametrize("mode", ["regular", "reverse"])
async def test_a_head_without_an_end_is_given_up(gateway, mode) -> None:
    """Strangers cannot send headers for ever: 431 long before the end, and what follows is thrown away."""
    reader, writer = await asyncio.open_connection(*gateway.address(mode))
    reading = asyncio.create_task(read_all(reader, silence=3))
    writer.write(b"GET http://127.0.0.3/ HTTP/1.1\r\nHost: a\r\n")
    sent = 0
    while sent < 4 * MB and not reading.done():
        writer.write(b"X-Filler: " + b"x" * 65000 + b"\r\n")
        await writer.drain()
        await asyncio.sleep(0)
        sent += 65000
    data = await reading
    writer.close()

    assert status(data) == 431
    assert sent < MB


async def test_a_large_head_is_refused(gateway, upstream, url) -> None:
    """431, or closed while it was still being sent."""
    async with gateway.forward(gateway.token()) as client:
        with contextlib.suppress(httpx.TransportError):
            response = await client.get(url("docs"), headers={"x-filler": "x" * 300_000})
            assert response.status_code == 431

    assert upstream.seen == []


async def test_a_body_beyond_the_limit_is_refused(start, upstream, url) -> None:
    """413, and it stands in the events."""
    async with start() as gateway, gateway.forward(gateway.token()) as client:
        response = await client.post(url("docs"), content=b"x" * (11 * MB), headers={"content-type": "text/plain"})
        kinds = {event["data"].get("error") or event["data"].get("reason") for event in gateway.events()}

    assert response.status_code == 413
    assert "body-too-large" in kinds
    assert upstream.seen == []


async def test_six_streams_of_one_http2_client_run_at_once(start, upstream, url) -> None:
    """mitmproxy lets five through to an HTTP/1 upstream; the sixth would wait until one ends."""
    together = asyncio.Barrier(6)

    async def stream(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"c\r\ndata: {}\n\n\r\n".replace(b"c\r\n", b"a\r\n"))
        await writer.drain()
        await together.wait()
        writer.write(b"0\r\n\r\n")

    upstream.reply = stream
    feed = '  - {name: feeds, protocol: http, hosts: ["https://127.0.0.1:$port"], streams: events, $more}\n'
    feed = feed.replace("$more", "addresses: [127.0.0.0/8]")
    rule = '  - {id: feeds, permit: ["http.get /open/**"], on: [feeds], to: {from: demo}}\n'
    port = upstream.ports["tickets-tls"]
    rules = {"connections": feed.replace("$port", str(port)), "policy": rule}
    async with start(rules=rules) as gateway, gateway.forward(gateway.token(), http2=True) as client:
        urls = [f"https://127.0.0.1:{port}/open/{number}" for number in range(6)]
        answers = await asyncio.gather(*(client.get(each) for each in urls))

    assert [(each.status_code, each.http_version) for each in answers] == [(200, "HTTP/2")] * 6
    assert [each.text for each in answers] == ["data: {}\n\n"] * 6


async def test_a_client_connection_too_many_is_closed(start, upstream) -> None:
    """The number of client connections is bounded."""
    async with start() as gateway:
        object.__setattr__(gateway.services.rules.gateway.limits, "connections", 2)
        opened = [await asyncio.open_connection(*gateway.address()) for _ in range(2)]
        await until(lambda: len(gateway.services.clients) == 2)
        refused = await gateway.raw(f"GET http://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        for _, writer in opened:
            writer.close()
        await until(lambda: not gateway.services.clients)
        later = await gateway.raw(f"GET http://{HOST}/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())

    assert refused == b""
    assert status(later) in (403, 407)
