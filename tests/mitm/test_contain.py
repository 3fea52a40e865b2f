"""Containment: only listed hosts and ports, only HTTP, only what can be read in one way."""

from __future__ import annotations

import asyncio
import json
import ssl

import pytest
from tests.mitm.harness import Running, open_tunnel, read_all, say
from tests.mitm.upstream import HOST, PERSON, answer, events

WEBSOCKET = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


def status(data: bytes) -> int:
    """The status of a raw answer; 0 when the connection was closed without one."""
    return int(data.split(b" ", 2)[1]) if data.startswith(b"HTTP/") else 0


def reason(data: bytes) -> str:
    """The reason in a raw answer's problem document."""
    return str(json.loads(data.partition(b"\r\n\r\n")[2])["reason"])


async def forward(gateway: Running, target: str, *lines: str, method: str = "GET", body: bytes = b"") -> bytes:
    """A raw request through the forward proxy, with a good token."""
    head = [f"{method} {target} HTTP/1.1", f"Proxy-Authorization: Bearer {gateway.token()}", *lines, "", ""]
    return await gateway.raw("\r\n".join(head).encode("latin-1") + body)


async def reverse(gateway: Running, target: str, *lines: str) -> bytes:
    """A raw request to the reverse listener."""
    head = [f"GET {target} HTTP/1.1", f"Authorization: Bearer {gateway.token()}", *lines, "", ""]
    return await gateway.raw("\r\n".join(head).encode("latin-1"), "reverse")


# -- where to


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("example.com", "host-mismatch"),
        ("127.0.0.3:1", "host-mismatch"),
        ("127.0.0.3", "host-mismatch"),
        ("user@127.0.0.3", "ambiguous-target"),
        ("127.0.0.3:0x50", "ambiguous-target"),
    ],
)
async def test_the_host_header_is_the_targets(gateway, upstream, url, host, why) -> None:
    """Otherwise the upstream would serve another site than the one that was judged."""
    data = await forward(gateway, url("docs"), f"Host: {host}")

    assert (status(data), reason(data)) in {(421, why), (400, why)}
    assert upstream.seen == []


@pytest.mark.parametrize("second", ["Host: {}", "host: {}", "Host: example.com", "HOST: "])
async def test_a_second_host_header_is_refused(gateway, upstream, url, second) -> None:
    """Equal or not: no reader may choose."""
    authority = f"{HOST}:{upstream.ports['docs']}"
    data = await forward(gateway, url("docs"), f"Host: {authority}", second.format(authority))

    assert status(data) == 400
    assert upstream.seen == []


@pytest.mark.parametrize(
    "line",
    ["Content-Length: 0\r\nContent-Length: 5", "Transfer-Encoding: chunked\r\nContent-Length: 5",
     "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "Content_Length: 5",
     "Authorization: a\r\nAuthorization: b",     "Connection: host", "Connection: content-length"],
)  # fmt: skip
async def test_headers_that_decide_about_security_are_unambiguous(gateway, upstream, url, line) -> None:
    """Framing that two servers read differently is how requests are smuggled."""
    data = await forward(gateway, url("docs"), f"Host: {HOST}:{upstream.ports['docs']}", line)

    assert status(data) in (0, 400)
    assert upstream.seen == []


@pytest.mark.parametrize(
    "target", ["http://127.0.0.3:9/open/x", "http://example.com/open/x", "http://169.254.169.254/latest/meta-data/"]
)
async def test_what_belongs_to_no_connection_is_refused(gateway, upstream, target) -> None:
    """Another port is another origin."""
    authority = target.split("/")[2]
    data = await forward(gateway, target, f"Host: {authority}")

    assert (status(data), reason(data)) == (403, "unknown-host")
    assert upstream.dials == 0


async def test_the_gateway_itself_is_not_reached_through_itself(gateway, upstream) -> None:
    """Neither of its listeners is an upstream."""
    for mode in ("regular", "reverse"):
        host, port = gateway.address(mode)
        data = await forward(gateway, f"http://{host}:{port}/-/interlock/health", f"Host: {host}:{port}")
        assert (status(data), reason(data)) == (403, "unknown-host")


async def test_an_origin_that_is_the_gateway_is_not_reached_either(start) -> None:
    """A connection whose name leads back to the listener: the address is not listed, so nothing is dialled."""
    mine = '  - {name: mine, protocol: http, hosts: ["https://localhost:9"]}\n'
    rule = '  - {id: mine, permit: ["http.get /**"], on: [mine], to: {from: demo}}\n'
    async with start(rules={"connections": mine, "policy": rule}) as gateway:
        async with gateway.forward(gateway.token()) as client:
            response = await client.get("https://localhost:9/x")
        kinds = {event["data"].get("error") for event in gateway.events()}

    assert response.status_code == 502
    assert "address-refused" in kinds


@pytest.mark.parametrize(
    "path",
    ["/open/../closed", "/open/%2e%2e/closed", "/open//x", "/open/x;a=b", "/open/%2fx", "/open/%252e", "/open\\x",
     "/open/x%00", "/open/x%", "/open/.%2e/closed", "/open/%c0%ae", "/open/x#y", "/open/%EF%BC%8E%EF%BC%8E/closed"],
)  # fmt: skip
@pytest.mark.parametrize("placement", ["forward", "reverse"])
async def test_a_path_that_two_servers_read_differently_is_refused(gateway, upstream, url, placement, path) -> None:
    """Refused, never repaired: judged is what every receiver would understand."""
    if placement == "forward":
        data = await forward(gateway, url("docs", path), f"Host: {HOST}:{upstream.ports['docs']}")
    else:
        data = await reverse(gateway, f"/connections/docs{path}", "Host: gateway.example.com")

    assert (status(data), reason(data)) == (400, "ambiguous-target")
    assert upstream.seen == []


@pytest.mark.parametrize(
    "target",
    ["/", "/open/x", "/connections/", "/connections/unknown/open/x", "/connections/Docs/open/x",
     "/connections/docs%2fopen", "//connections/docs/open/x", "/x/../connections/docs/open/x",
     "/connections/./docs/open/x", "*",
     "http://127.0.0.3:9/open/x", "http://gateway.example.com/connections/docs/open/x"],
)  # fmt: skip
async def test_a_target_that_names_no_connection_goes_nowhere(gateway, upstream, target) -> None:
    """On a reverse listener the path alone chooses; an absolute target is refused."""
    data = await reverse(gateway, target, "Host: gateway.example.com")

    assert 400 <= status(data) < 500
    assert upstream.dials == 0


@pytest.mark.parametrize("lines", [(), ("Host: a", "Host: b"), ("Host: a@b",), ("Host: ",)])
async def test_a_reverse_request_names_one_host(gateway, upstream, lines) -> None:
    """Even where the path chooses the connection."""
    data = await reverse(gateway, "/connections/docs/open/x", *lines)

    assert status(data) in (400, 421)
    assert upstream.seen == []


# -- tunnels


@pytest.mark.parametrize("target", ["example.com:443", "localhost:9999", "169.254.169.254:80", "127.0.0.3:22"])
async def test_a_tunnel_to_what_is_not_listed_is_not_opened(gateway, upstream, target) -> None:
    """403 to the CONNECT."""
    _, writer, data = await open_tunnel(gateway, target, gateway.token())
    writer.close()

    assert status(data) == 403
    assert "unknown-host" in gateway.reasons()


async def test_a_connect_whose_host_header_differs_is_refused(gateway, upstream) -> None:
    """421."""
    target = f"localhost:{upstream.ports['tls']}"
    _, writer, data = await open_tunnel(gateway, target, gateway.token(), host="example.com:443")
    writer.close()

    assert status(data) == 421


@pytest.mark.parametrize("sni", ["example.com", "localhost.example.com", ""])
async def test_the_tls_server_name_is_the_connects(gateway, upstream, sni) -> None:
    """Another name, or none: the connection is closed before a certificate is made."""
    target = f"localhost:{upstream.ports['tls']}"
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await open_tunnel(gateway, target, gateway.token(), sni=sni)

    assert "host-mismatch" in gateway.reasons()
    assert upstream.dials == 0


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x00\x01\x02\x03" * 8,
        b"EHLO example.com\r\n",
        b"\x16\x03",
        b"*1\r\n$4\r\nPING\r\n",
    ],
)
async def test_a_tunnel_carries_nothing_but_tls_and_http(gateway, upstream, data) -> None:
    """Opaque bytes are answered with an error or a closed connection, and never relayed."""
    reader, writer, opened = await open_tunnel(gateway, f"localhost:{upstream.ports['tls']}", gateway.token())
    writer.write(data)
    if data == b"\x16\x03":
        writer.write_eof()
    got = await read_all(reader, silence=0.3)
    writer.close()

    assert status(opened) == 200
    assert status(got) in (0, 400)
    assert upstream.dials == 0


@pytest.mark.parametrize(
    ("line", "host", "code"),
    [
        ("GET /open/x", "example.com", 421),
        ("GET https://example.com/open/x", "example.com", 421),
        ("GET /open/x", "localhost:1", 421),
        ("CONNECT example.com:443", "example.com:443", 403),
    ],
)
async def test_inside_a_tunnel_everything_goes_to_its_host(gateway, upstream, line, host, code) -> None:
    """Another Host, an absolute target, a tunnel inside the tunnel."""
    target = f"localhost:{upstream.ports['tls']}"
    reader, writer, _ = await open_tunnel(gateway, target, gateway.token(), sni="localhost")
    data = await say(reader, writer, f"{line} HTTP/1.1", f"Host: {host}")
    writer.close()

    assert status(data) in (code, 400)
    assert upstream.seen == []


async def test_a_second_tunnel_inside_a_plain_one_is_refused(gateway, upstream) -> None:
    """CONNECT, then CONNECT again without TLS: to the same place, or to another listed one."""
    for name in ("docs", "warehouse"):
        token = gateway.token()
        reader, writer, opened = await open_tunnel(gateway, f"{HOST}:{upstream.ports['docs']}", token)
        target = f"{HOST}:{upstream.ports[name]}"
        data = await say(
            reader, writer, f"CONNECT {target} HTTP/1.1", f"Host: {target}", f"Proxy-Authorization: Bearer {token}"
        )
        writer.close()
        assert status(opened) == 200
        assert status(data) in (0, 400, 403)

    assert upstream.dials == 0


# -- other protocols


@pytest.mark.parametrize(
    "lines",
    [
        ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"),
        ("Connection: Upgrade", "Upgrade: h2c"),
        ("HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",),
        ("Connection: Upgrade", "Upgrade: TLS/1.0"),
        ("Connection: Upgrade", "Upgrade: websocket, h2c"),
        ("Connection: Upgrade",),
        WEBSOCKET,
    ],
)
@pytest.mark.parametrize("placement", ["forward", "reverse"])
async def test_an_upgrade_that_was_not_asked_for_is_refused(gateway, upstream, url, placement, lines) -> None:
    """What comes after it could not be judged."""
    if placement == "forward":
        data = await forward(gateway, url("docs"), f"Host: {HOST}:{upstream.ports['docs']}", *lines)
    else:
        data = await reverse(gateway, "/connections/docs/open/x", "Host: a", *lines)

    assert (status(data), reason(data)) == (403, "upgrade-refused")
    assert upstream.seen == []


@pytest.mark.parametrize("mode", ["regular", "reverse"])
async def test_http2_without_tls_is_not_spoken(gateway, upstream, mode) -> None:
    """Prior knowledge (RFC 9113, section 3.3): the preface is no HTTP/1 request."""
    data = await gateway.raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", mode)

    assert b"200" not in data.split(b"\r\n")[0]
    assert upstream.dials == 0


async def greet(_: object, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept the upgrade; one text and one binary message with somebody's address."""
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    )
    for kind in (0x81, 0x82):
        writer.write(bytes([kind, len(PERSON)]) + PERSON.encode())
    writer.write(bytes([0x81, 4]) + b"last")
    writer.close()


async def test_a_websocket_that_was_asked_for_is_masked(gateway, upstream, url) -> None:
    """Text is masked; what cannot be masked is dropped."""
    upstream.reply = greet
    data = await forward(gateway, url("sockets", "/open/ws"), f"Host: {HOST}:{upstream.ports['sockets']}", *WEBSOCKET)

    assert status(data) == 101
    assert b"last" in data
    assert PERSON.encode() not in data


async def test_an_upstream_does_not_upgrade_by_itself(gateway, upstream, url) -> None:
    """101 without having been asked."""
    upstream.reply = greet
    data = await forward(gateway, url("docs"), f"Host: {HOST}:{upstream.ports['docs']}")

    assert status(data) in (403, 502)
    assert PERSON.encode() not in data


# -- what travels with a request and with an answer


async def test_what_is_for_one_hop_does_not_travel(gateway, upstream, url) -> None:
    """Hop-by-hop headers, what Connection names, what speaks for another hop, Range, and trailers' announcement."""
    lines = [
        "Connection: keep-alive, X-Private", "X-Private: 1", "Keep-Alive: 5", "TE: trailers", "Trailer: X-Later",
        "Forwarded: for=1.1.1.1", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-Host: example.com", "X-Real-IP: 1.1.1.1",
        "X-Original-URL: /closed", "X-Rewrite-URL: /closed", "X-HTTP-Method-Override: DELETE", "Range: bytes=0-10",
        "If-Range: abc", "Cookie: a=b", "Authorization: Bearer mine", "X-Api-Key: mine", "X-Interlock-Run: run-1",
        "Proxy-Connection: keep-alive", "X-Kept: yes",
    ]  # fmt: skip
    data = await forward(gateway, url("warehouse"), f"Host: {HOST}:{upstream.ports['warehouse']}", *lines)

    assert status(data) == 200
    (seen,) = upstream.seen
    assert seen.names() == {"host", "x-kept", "accept-encoding", "authorization"}
    assert seen.header("accept-encoding") == "identity"


async def test_an_answers_hop_headers_do_not_travel(gateway, upstream, url) -> None:
    """Nor validators of what was masked, nor another site's cookies."""
    upstream.reply = answer(
        headers=[
            ("Connection", "X-Private"), ("X-Private", "1"), ("Proxy-Authenticate", "Basic"), ("ETag", '"1"'),
            ("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT"), ("Content-MD5", "x"), ("Trailer", "X-Later"),
            ("Alt-Svc", 'h3=":443"'), ("X-Kept", "yes"), ("X-Person", PERSON),
        ]
    )  # fmt: skip
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(url("docs"))

    assert response.status_code == 200
    names = {name.lower() for name in response.headers}
    assert {"x-kept", "x-person"} <= names
    assert names.isdisjoint(
        {"x-private", "proxy-authenticate", "etag", "last-modified", "content-md5", "trailer", "alt-svc"}
    )
    assert PERSON not in repr(response.headers)


async def test_a_part_of_an_answer_is_refused(gateway, upstream, url) -> None:
    """206 where masks apply: a value could be torn."""
    upstream.reply = answer(
        b"erika.muster", status=206, kind="text/plain", headers=[("Content-Range", "bytes 0-11/99")]
    )
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(url("docs"))

    assert response.status_code == 502
    assert response.json()["reason"] == "partial-response"


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("http://{}/open/y", "/connections/docs/open/y"),
        ("http://{}", "/connections/docs/"),
        ("http://{}?a=1", "/connections/docs/?a=1"),
        ("/open/y", "/connections/docs/open/y"),
        ("y", "y"),
        ("https://example.com/open/y", "https://example.com/open/y"),
        ("//example.com/open/y", "//example.com/open/y"),
        ("http://x{}/open/y", None),
    ],
)
async def test_locations_are_given_in_the_clients_own_spelling(gateway, upstream, location, shown) -> None:
    """Behind a path prefix; what leads elsewhere is left alone."""
    authority = f"{HOST}:{upstream.ports['docs']}"
    upstream.reply = answer(b"{}", status=302, headers=[("Location", location.format(authority))])
    async with gateway.reverse(gateway.token()) as client:
        response = await client.get("/connections/docs/open/x")

    assert response.status_code == 302
    assert response.headers["location"] == (location.format(authority) if shown is None else shown)


async def test_trailers_of_an_answer_are_dropped(gateway, upstream, url, caplog) -> None:
    """They come after everything was judged."""
    upstream.reply = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\n{}\r\n0\r\nX-Later: " + PERSON.encode() + b"\r\n\r\n"
    )
    data = await forward(gateway, url("docs"), f"Host: {HOST}:{upstream.ports['docs']}")

    assert status(data) == 200
    assert PERSON.encode() not in data
    assert "crashed" not in caplog.text


async def test_trailers_of_a_stream_are_dropped(gateway, upstream, url, caplog) -> None:
    """The same behind an event stream."""
    upstream.reply = events('data: {"a": 1}\n\n', more=b"X-Later: " + PERSON.encode() + b"\r\n")
    data = await forward(gateway, url("feed"), f"Host: {HOST}:{upstream.ports['feed']}", "Connection: close")

    assert status(data) == 200
    assert b'data: {"a": 1}' in data
    assert PERSON.encode() not in data
    assert "crashed" not in caplog.text


async def test_trailers_of_a_request_are_dropped(gateway, upstream, url, caplog) -> None:
    """The request is judged and forwarded without them."""
    body = b"2\r\n{}\r\n0\r\nX-HTTP-Method-Override: DELETE\r\n\r\n"
    data = await forward(
        gateway, url("docs"), f"Host: {HOST}:{upstream.ports['docs']}", "Transfer-Encoding: chunked",
        "Content-Type: application/json", method="POST", body=body,
    )  # fmt: skip

    assert status(data) == 200
    (seen,) = upstream.seen
    assert seen.body == b"{}"
    assert "x-http-method-override" not in seen.names()
    assert "crashed" not in caplog.text


# -- the gateway's own host


@pytest.mark.parametrize("path", ["/health", "/whoami", "/open/x"])
async def test_the_own_host_is_answered_and_never_dialled(gateway, path, monkeypatch) -> None:
    """Plain, through a tunnel, and under the reserved prefix."""
    asked: list[str] = []
    loop, resolve = asyncio.get_running_loop(), asyncio.get_running_loop().getaddrinfo

    async def note(host: str, *arguments: object, **named: object) -> object:
        asked.append(host)
        return await resolve(host, *arguments, **named)

    monkeypatch.setattr(loop, "getaddrinfo", note)
    token = gateway.token()
    async with gateway.forward(token, run="run-1") as client:
        answers = [await client.get(f"{scheme}://interlock.internal{path}") for scheme in ("http", "https")]
    async with gateway.reverse(token) as client:
        answers.append(await client.get(f"/-/interlock{path}"))

    assert {response.status_code for response in answers} == {404 if path == "/open/x" else 200}
    if path == "/whoami":
        assert [response.json()["subject"] for response in answers] == ["erika"] * 3
        assert answers[0].json()["run"] == "run-1"
    assert "interlock.internal" not in asked


async def test_health_is_for_anybody_and_the_rest_is_not(gateway) -> None:
    """A load balancer has no token."""
    async with gateway.reverse() as client:
        health, who = await client.get("/-/interlock/health"), await client.get("/-/interlock/whoami")
        posted = await client.post("/-/interlock/health")

    assert (health.status_code, health.json()["status"]) == (200, "ready")
    assert who.status_code == 401
    assert posted.status_code == 401
