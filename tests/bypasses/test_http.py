"""Ways round the gateway through HTTP itself, one row each: no unjudged byte goes up, no unmasked byte comes down.

Nothing leaves this file; what was once possible is tried for ever.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import logging
import ssl
import zlib
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from tests.mitm.harness import Running, open_tunnel
from tests.mitm.upstream import PERSON, Upstream, answer

WHO = PERSON.encode()
JSON = b'{"email": "' + WHO + b'"}'
PATIENCE = 30.0
ENCODINGS = ("utf-8", "utf-16le", "utf-16be", "utf-7", "cp037")


def http(first: str, *lines: str, body: bytes = b"") -> bytes:
    """A message as written."""
    return "\r\n".join([first, *lines, "", ""]).encode("latin-1") + body


def whole(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """An answer whose length is told."""
    return http(f"HTTP/1.1 {status}", *lines, f"Content-Length: {len(body)}", body=body)


def chunked(body: bytes, *lines: str) -> bytes:
    """An answer whose body is framed by hand."""
    return http("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", *lines, body=body)


def until_close(body: bytes, *lines: str, status: str = "200 OK") -> bytes:
    """An answer that ends with its connection."""
    return http(f"HTTP/1.1 {status}", *lines, body=body)


TEXT, DOCUMENT, EVENTS = "Content-Type: text/plain", "Content-Type: application/json", "Content-Type: text/event-stream"
EVENT = b'data: {"email": "' + WHO + b'"}\n\n'

ANSWERS: dict[str, bytes] = {
    # informational and unknown statuses
    "early hints": http("HTTP/1.1 103 Early Hints", f"Link: <{PERSON}>") + answer(),
    "continue unasked": http("HTTP/1.1 100 Continue") + answer(),
    "many informational": http("HTTP/1.1 102 Processing", f"X-A: {PERSON}") * 50 + answer(),
    "switch unasked": http("HTTP/1.1 101 Switching Protocols", "Upgrade: other", "Connection: Upgrade") + WHO,
    "status below 100": whole(JSON, status="99 What"),
    "status above 999": whole(JSON, status="1000 What"),
    "unknown status": whole(JSON, status="799 What"),
    "partial": whole(WHO, TEXT, "Content-Range: bytes 0-1/2", status="206 Partial Content"),
    "not modified with body": whole(WHO, TEXT, status="304 Not Modified"),
    "no content with body": whole(WHO, TEXT, status="204 No Content"),
    # codings that lie
    "gzip that is none": whole(JSON, DOCUMENT, "Content-Encoding: gzip"),
    "gzip unnamed": whole(gzip.compress(JSON), DOCUMENT),
    "gzip": whole(gzip.compress(JSON), DOCUMENT, "Content-Encoding: gzip"),
    "gzip twice": whole(gzip.compress(gzip.compress(JSON)), DOCUMENT, "Content-Encoding: gzip, gzip"),
    "two codings": whole(gzip.compress(JSON), DOCUMENT, "Content-Encoding: identity", "Content-Encoding: gzip"),
    "unknown coding": whole(JSON, DOCUMENT, "Content-Encoding: rot13"),
    "transfer gzip": http("HTTP/1.1 200 OK", TEXT, "Transfer-Encoding: gzip", body=gzip.compress(WHO)),
    "transfer identity": http("HTTP/1.1 200 OK", TEXT, "Transfer-Encoding: identity", body=WHO),
    # types and charsets that lie
    "json as image": whole(JSON, "Content-Type: image/png"),
    "text as octets": whole(WHO, "Content-Type: application/octet-stream"),
    "no type": whole(WHO),
    "two types": whole(WHO, "Content-Type: image/png", TEXT),
    "multipart": whole(b"--b\r\n\r\n" + WHO + b"\r\n--b--", "Content-Type: multipart/mixed; boundary=b"),
    "utf-16 named": whole(PERSON.encode("utf-16le"), f"{TEXT}; charset=utf-16le"),
    "utf-16 unnamed": whole(PERSON.encode("utf-16le"), TEXT),
    "utf-16 with mark": whole(PERSON.encode("utf-16"), TEXT),
    "utf-7": whole(PERSON.replace("@", "+AEA-").encode(), f"{TEXT}; charset=utf-7"),
    "utf-7 in json": whole(JSON.replace(b"@", b"+AEA-"), f"{DOCUMENT}; Charset = 'UTF-7'"),
    "ebcdic": whole(PERSON.encode("cp037"), f"{TEXT}; charset=cp037"),
    "json in utf-16": whole(JSON.decode().encode("utf-16"), DOCUMENT),
    "json with mark": whole(b"\xef\xbb\xbf" + JSON, DOCUMENT),
    "json escapes": whole(JSON.replace(b"@", b"\\u0040"), DOCUMENT),
    "json lines": whole(JSON + b"\n" + WHO, "Content-Type: application/x-ndjson"),
    # framing
    "chunk extension": chunked(b'2;a="' + WHO + b'"\r\nok\r\n0;' + WHO + b"\r\n\r\n", TEXT),
    "trailers": chunked(b"2\r\nok\r\n0\r\nX-A: " + WHO + b"\r\n\r\n", TEXT, "Trailer: X-A"),
    "chunk size": chunked(WHO + b"\r\nok\r\n0\r\n\r\n", TEXT),
    "chunks cut": chunked(b"29\r\n" + WHO, TEXT),
    "longer than told": whole(b"ok", TEXT) + WHO,
    "shorter than told": http("HTTP/1.1 200 OK", TEXT, "Content-Length: 200", body=WHO),
    "a second answer": whole(b"ok", TEXT) + answer(WHO, kind="text/plain"),
    "closed to end": until_close(WHO, TEXT),
    "http/1.0": http("HTTP/1.0 200 OK", TEXT, body=WHO),
    "http/0.9": WHO,
    # heads that mitmproxy would quote
    "cut head": b"HTTP/1.1 200 OK\r\nX-A: " + WHO,
    "bad status line": b"HTTP/1.1 abc " + WHO + b"\r\n\r\n",
    "bad header line": http("HTTP/1.1 200 OK", PERSON, "Content-Length: 2", body=b"ok"),
    "bad header name": whole(b"ok", f"{PERSON}: x"),
    "bad length": http("HTTP/1.1 200 OK", f"Content-Length: {PERSON}", body=b"ok"),
    "two lengths": whole(b"ok", f"Content-Length: {PERSON}"),
    "bad transfer coding": http("HTTP/1.1 200 OK", f"Transfer-Encoding: {PERSON}", body=b"ok"),
    # heads that were not masked
    "reason phrase": whole(b"ok", TEXT, status=f"200 {PERSON}"),
    "folded header": whole(b"ok", TEXT, "X-A: a", f" {PERSON}"),
    "standard headers": whole(b"ok", f'{TEXT}; name="{PERSON}"', *(
        f"{name}: {PERSON}" for name in ("Server", "Date", "Vary", "Age", "Expires", "Retry-After", "Keep-Alive",
                                         "Connection", "Cache-Control", "Content-Language", "Set-Cookie", "Link")
    )),
    "challenge": whole(b"ok", TEXT, f'WWW-Authenticate: Basic realm="{PERSON}"', status="401 Unauthorized"),
    # event streams
    "events": until_close(EVENT, EVENTS),
    "events in capitals": until_close(EVENT, "Content-Type: TEXT/Event-Stream"),
    "events with gzip": until_close(gzip.compress(EVENT), EVENTS, "Content-Encoding: gzip"),
    "events on 404": until_close(EVENT, EVENTS, status="404 Not Found"),
    "events of text": until_close(b"data: " + WHO + b"\n\n", EVENTS),
    "events' comments": until_close(b": " + WHO + b"\n\n: " + WHO + b"\ndata: {}\n\n", EVENTS),
    "events' fields": until_close(b"event: " + WHO + b"\nid: " + WHO + b"\nretry: " + WHO + b"\ndata: {}\n\n", EVENTS),
    "events without end": until_close(EVENT.rstrip(), EVENTS),
    "events with cr": until_close(EVENT.replace(b"\n", b"\r"), EVENTS),
    "events in utf-16": until_close(EVENT.decode().encode("utf-16"), f"{EVENTS}; charset=utf-16"),
    "events with length": whole(EVENT, EVENTS),
    "events split": until_close(b'data: {"email": "erika.mustermann\ndata: @example.com"}\n\n', EVENTS),
}  # fmt: skip

CALLS = {
    "docs": ("GET", "/open/x", b""),
    "feed": ("GET", "/open/x", b""),
    "claude": ("POST", "/v1/messages", b'{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}]}'),
    "tickets": ("POST", "/mcp", b'{"jsonrpc":"2.0","id":1,"method":"tools/list"}'),
}


def hidden(data: bytes) -> list[str]:
    """In which ways the person can be read in these bytes."""
    found = [encoding for encoding in ENCODINGS if PERSON.encode(encoding) in data]
    found += [text for text in ("mustermann+AEA-", "mustermann\\u0040") if text.encode() in data]
    at = data.find(b"\x1f\x8b")
    if at >= 0:
        with contextlib.suppress(zlib.error):
            found += ["gzip"] if WHO in zlib.decompressobj(31).decompress(data[at:]) else []
    return found


async def talk(gateway: Running, data: bytes) -> bytes | None:
    """Everything that comes back until the gateway closes; None when it leaves the client hanging."""
    reader, writer = await asyncio.open_connection(*gateway.address())
    with contextlib.closing(writer):
        writer.write(data)
        try:
            return await asyncio.wait_for(reader.read(), PATIENCE)
        except TimeoutError:
            return None


@pytest.mark.parametrize("connection", CALLS)
async def test_no_answer_passes_unmasked(gateway, upstream, url, caplog, connection) -> None:
    """To the agent, to the log, or into the recording; and no agent is left hanging."""
    caplog.set_level(logging.DEBUG)
    method, path, body = CALLS[connection]
    target = url(connection, path)
    seen = {}
    for name, raw in ANSWERS.items():

        async def reply(_: object, __: object, writer: asyncio.StreamWriter, raw: bytes = raw) -> None:
            writer.write(raw)
            await writer.drain()
            writer.close()

        upstream.reply = reply
        lines = [f"Host: {target.split('/')[2]}", f"Proxy-Authorization: Bearer {gateway.token()}", DOCUMENT]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "Accept: application/json, text/event-stream"]
        data = await talk(gateway, http(f"{method} {target} HTTP/1.1", *lines, body=body))
        found = ["hangs"] if data is None else hidden(data)
        found += ["crashes"] if "crashed" in caplog.text else []
        if found or hidden(caplog.text.encode()):
            seen[name] = found
        caplog.clear()

    assert seen == {}
    assert len(upstream.seen) == len(ANSWERS)
    await gateway.services.stop()
    assert hidden(gateway.recorded()) == []


# -- requests: what may arrive is ("GET", "/open/x") without a body, or nothing at all

SMUGGLED = b"GET /closed HTTP/1.1\r\nHost: %s\r\n\r\n"
ONE, NONE = [("GET", "/open/x", b"")], []  # type: ignore[var-annotated]


def get(*lines: str, body: bytes = b"", first: str = "GET {url} HTTP/1.1") -> tuple[str, tuple[str, ...], bytes]:
    """A request to be filled in with the upstream's URL and host."""
    return first, lines, body


REQUESTS = {
    "pipelined": (get(body=SMUGGLED), ONE),
    "pipelined with token": (get(body=b"GET http://%s/closed HTTP/1.1\r\nHost: %s\r\n\r\n"), ONE),
    "length and chunks": (get("Content-Length: 5", "Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED), NONE),
    "length twice": (get("Content-Length: 0", "Content-Length: 9", body=SMUGGLED), NONE),
    "length with sign": (get("Content-Length: +0", body=SMUGGLED), NONE),
    "length list": (get("Content-Length: 0, 0", body=SMUGGLED), NONE),
    "length with underscore": (get("Content_Length: 9", body=SMUGGLED), NONE),
    "chunks not last": (get("Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + SMUGGLED), NONE),
    "chunks misspelt": (get("Transfer-Encoding: xchunked", body=SMUGGLED), NONE),
    "chunks with tab": (get("Transfer-Encoding:\x0bchunked", body=b"0\r\n\r\n" + SMUGGLED), ONE),
    "chunks with space": (get("Transfer-Encoding : chunked", body=b"0\r\n\r\n" + SMUGGLED), NONE),
    "chunks in http/1.0": (get("Transfer-Encoding: chunked", body=b"0\r\n\r\n", first="GET {url} HTTP/1.0"), NONE),
    "chunk size with sign": (get("Transfer-Encoding: chunked", body=b"+0\r\n\r\n" + SMUGGLED), NONE),
    "connection names the length": (get("Connection: content-length, close", "Content-Length: 0"), NONE),
    "folded header": (get("X-A: b", " Host: evil.example.com"), NONE),
    "folded host": (get("Host:", " evil.example.com"), NONE),
    "two hosts": (get("Host: evil.example.com"), NONE),
    "bare cr": (get("X-A: b\rHost: evil.example.com"), NONE),
    "nul": (get("X-A: b\0c"), NONE),
    "header without colon": (get("Host evil.example.com"), NONE),
    "space before header": (get(" X-A: b"), NONE),
    "upgrade to h2c": (get("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"), NONE),
    "upgrade to anything": (get("Connection: Upgrade", "Upgrade: tls/1.0"), NONE),
    "websocket unasked": (get("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"), NONE),
    "connect inside": (get(first="CONNECT {host} HTTP/1.1", body=SMUGGLED), NONE),
    "connect with body": (get("Content-Length: 9", first="CONNECT {host} HTTP/1.1", body=SMUGGLED), NONE),
    "http/2 preface": (get(first="PRI * HTTP/2.0", body=b"SM\r\n\r\n"), NONE),
    "http/3": (get(first="GET {url} HTTP/3.0"), NONE),
    "no version": (get(first="GET {url}"), NONE),
    "star": (get(first="OPTIONS * HTTP/1.1"), NONE),
    "lower method": (get(first="get {url} HTTP/1.1"), NONE),
    "method override": (get("X-HTTP-Method-Override: DELETE"), ONE),
    "rewritten url": (get("X-Original-URL: /closed", "X-Rewrite-URL: /closed"), ONE),
    "head with body": (get("Content-Length: 2", body=b"ok", first="HEAD {url} HTTP/1.1"), NONE),
    "userinfo": (get(first="GET http://evil@{host}/open/x HTTP/1.1"), NONE),
    "backslash": (get(first="GET http://{host}\\@evil.example.com/open/x HTTP/1.1"), NONE),
    "two slashes": (get(first="GET http://{host}//open/../closed HTTP/1.1"), NONE),
    "dots": (get(first="GET {url}/../../closed HTTP/1.1"), NONE),
    "encoded dots": (get(first="GET {url}/%2e%2e/%2e%2e/closed HTTP/1.1"), NONE),
    "encoded slash": (get(first="GET {url}/..%2f..%2fclosed HTTP/1.1"), NONE),
    "fragment": (get(first="GET {url}#/closed HTTP/1.1"), NONE),
    "other scheme": (get(first="GET https://{host}/open/x HTTP/1.1"), NONE),
    "unknown scheme": (get(first="GET gopher://{host}/open/x HTTP/1.1"), NONE),
}


@pytest.mark.parametrize("late", [False, True], ids=["at once", "torn"])
async def test_no_request_passes_unjudged(gateway, upstream, url, caplog, late: bool) -> None:
    """What arrives upstream is what was judged, whole, once; or nothing."""
    caplog.set_level(logging.DEBUG)
    target = url("docs")
    host = target.split("/")[2]
    wrong = {}
    for name, ((first, lines, body), allowed) in REQUESTS.items():
        upstream.seen.clear()
        caplog.clear()
        named = () if name == "folded host" else (f"Host: {host}",)
        head = [*named, f"Proxy-Authorization: Bearer {gateway.token()}", *lines]
        raw = http(first.format(url=target, host=host), *head, body=body.replace(b"%s", host.encode()))
        data = await (torn if late else talk_and_leave)(gateway, raw)
        arrived = [(seen.method, seen.target, seen.body) for seen in upstream.seen]
        if arrived not in (allowed, NONE) or (allowed is ONE and not arrived) or "crashed" in caplog.text:
            wrong[name] = (arrived, data[:200])
        wrong |= {
            f"{name}: {key}": () for seen in upstream.seen for key in seen.names() & {"x-original-url", "upgrade"}
        }

    assert wrong == {}


async def talk_and_leave(gateway: Running, data: bytes) -> bytes:
    """Say it, say that nothing more comes once there was an answer, and read on to the end."""
    reader, writer = await asyncio.open_connection(*gateway.address())
    with contextlib.closing(writer), contextlib.suppress(TimeoutError, ConnectionError):
        writer.write(data)
        first = await asyncio.wait_for(reader.read(65536), 0.5)
        rest = await asyncio.wait_for(reader.read(65536), 0.1)
        return first + rest
    return b""


async def torn(gateway: Running, data: bytes) -> bytes:
    """The same, in pieces that end where it hurts."""
    reader, writer = await asyncio.open_connection(*gateway.address())
    with contextlib.closing(writer), contextlib.suppress(TimeoutError, ConnectionError):
        for at in range(0, len(data), 97):
            writer.write(data[at : at + 97])
            await writer.drain()
            await asyncio.sleep(0)
        return await asyncio.wait_for(reader.read(65536), 0.5)
    return b""


# -- HTTP/2


PSEUDO = {":method": "GET", ":scheme": "https", ":path": "/open/x"}
HTTP2: dict[str, tuple[dict[str, str], list[tuple[str, str]]]] = {
    "authority differs": ({":authority": "evil.example.com"}, []),
    "host differs": ({}, [("host", "evil.example.com")]),
    "two authorities": ({}, [(":authority", "evil.example.com")]),
    "two paths": ({}, [(":path", "/closed")]),
    "pseudo after header": ({}, [("x-a", "b"), (":path", "/closed")]),
    "unknown pseudo": ({}, [(":protocol", "websocket")]),
    "connect": ({":method": "CONNECT"}, []),
    "extended connect": ({":method": "CONNECT", ":protocol": "websocket"}, []),
    "path with line break": ({":path": "/open/x HTTP/1.1\r\nX-Evil: 1\r\n\r\nGET /closed"}, []),
    "path with space": ({":path": "/open/x /closed"}, []),
    "path without slash": ({":path": "open/x"}, []),
    "path absolute": ({":path": "http://evil.example.com/open/x"}, []),
    "method with line break": ({":method": "GET /closed HTTP/1.1\r\nX-Evil: 1\r\n\r\nGET"}, []),
    "header with line break": ({}, [("x-a", "b\r\nx-evil: 1")]),
    "header with nul": ({}, [("x-a", "b\0c")]),
    "header name with colon": ({}, [("x-a: b\r\nx-evil", "1")]),
    "upper case name": ({}, [("X-Evil", "1")]),
    "transfer-encoding": ({}, [("transfer-encoding", "chunked")]),
    "connection": ({}, [("connection", "content-length")]),
    "length that lies": ({}, [("content-length", "60")]),
    "upgrade": ({}, [("upgrade", "websocket")]),
}


async def send_http2(
    gateway: Running, conf: Path, port: int, pseudo: dict[str, str], headers: list[tuple[str, str]]
) -> int:
    """The status that comes for these headers, written unchecked; 0 when stream or connection end without one."""
    context = ssl.create_default_context(cafile=str(conf / "mitmproxy-ca-cert.pem"))
    context.set_alpn_protocols(["h2"])
    reader, writer, _ = await open_tunnel(gateway, f"localhost:{port}", gateway.token())
    await asyncio.wait_for(writer.start_tls(context, server_hostname="localhost"), PATIENCE)
    config = h2.config.H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False)
    connection = h2.connection.H2Connection(config)
    connection.initiate_connection()
    connection.send_headers(1, [*({":authority": f"localhost:{port}"} | PSEUDO | pseudo).items(), *headers], True)
    writer.write(connection.data_to_send())
    with contextlib.closing(writer), contextlib.suppress(TimeoutError, ConnectionError):
        while data := await asyncio.wait_for(reader.read(65536), PATIENCE):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    return int(dict(event.headers)[b":status"])
                if isinstance(event, h2.events.StreamReset | h2.events.ConnectionTerminated):
                    return 0
        return 0
    return -1


@pytest.mark.parametrize("name", HTTP2)
async def test_no_http2_request_passes_unjudged(gateway: Running, conf: Path, upstream: Upstream, name: str) -> None:
    """Pseudo-headers and headers that mean two things end the stream or are refused."""
    pseudo, headers = HTTP2[name]
    status = await send_http2(gateway, conf, upstream.ports["tls"], pseudo, headers)

    assert status == 0 or status >= 400
    assert upstream.seen == []


@pytest.mark.parametrize("pseudo", [{}, {":scheme": "http"}], ids=["plain", "scheme"])
async def test_an_honest_http2_request_passes(gateway, conf, upstream, pseudo) -> None:
    """So that the rows above prove something; the scheme is the connection's, whatever the request says."""
    assert await send_http2(gateway, conf, upstream.ports["tls"], pseudo, [("x-a", "b")]) == 200
    assert [(seen.name, seen.method, seen.target) for seen in upstream.seen] == [("tls", "GET", "/open/x")]


# -- bodies and upgraded connections


async def test_expect_continue_does_not_let_a_body_pass(gateway: Running, upstream: Upstream, url) -> None:
    """The body is judged whole before any of it goes on."""
    body = json.dumps({"query": "DROP TABLE people"}).encode()
    target = url("warehouse", "/query")
    lines = [f"Host: {target.split('/')[2]}", f"Proxy-Authorization: Bearer {gateway.token()}", DOCUMENT]
    lines += ["Expect: 100-continue", f"Content-Length: {len(body)}", "Connection: close"]
    data = await talk(gateway, http(f"POST {target} HTTP/1.1", *lines, body=body))

    assert data is not None
    assert b" 403 " in data
    assert upstream.seen == []


async def test_request_trailers_do_not_pass(gateway: Running, upstream: Upstream, url) -> None:
    """What stands after the last chunk was never judged."""
    target = url("docs")
    lines = [f"Host: {target.split('/')[2]}", f"Proxy-Authorization: Bearer {gateway.token()}", "Connection: close"]
    lines += ["Transfer-Encoding: chunked", "Trailer: X-Evil"]
    body = b'2;x="evil"\r\n{}\r\n0\r\nX-Evil: 1\r\nAuthorization: Bearer x\r\n\r\n'
    data = await talk(gateway, http(f"POST {target} HTTP/1.1", *lines, body=body))

    assert data is not None
    assert b" 200 " in data
    assert upstream.seen[0].body == b"{}"
    assert upstream.seen[0].names().isdisjoint({"x-evil", "trailer", "authorization"})


async def test_frames_beside_messages_carry_nothing(gateway: Running, upstream: Upstream, url) -> None:
    """A WebSocket's ping, pong and close could carry 125 bytes each that no hook sees; binary is not masked."""
    payload = WHO + b"\0"

    async def greet(_: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            http("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade",
                 "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", f"X-A: {PERSON}")
        )  # fmt: skip
        for opcode in (0x89, 0x8A, 0x82):
            writer.write(bytes([opcode, len(payload)]) + payload)
        writer.write(bytes([0x01, 5]) + WHO[:5] + bytes([0x80, len(WHO) - 5]) + WHO[5:])
        writer.write(bytes([0x88, len(WHO) + 2]) + b"\x03\xe8" + WHO)
        await writer.drain()
        await reader.read()

    upstream.reply = greet
    target = url("sockets", "/open/ws")
    lines = [f"Host: {target.split('/')[2]}", f"Proxy-Authorization: Bearer {gateway.token()}", "Upgrade: websocket"]
    lines += ["Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    data = await talk(gateway, http(f"GET {target} HTTP/1.1", *lines))

    assert data is not None
    assert data.startswith(b"HTTP/1.1 101 ")
    assert b"\x88\x02\x03\xe8" in data
    assert hidden(data) == []


@pytest.mark.parametrize("what", ["head", "ahead", "chunk line"])
async def test_lines_without_an_end_are_given_up(gateway: Running, upstream: Upstream, url, what: str) -> None:
    """A head, a chunk's own line, or what is sent ahead of its turn: bounded, and the connection is closed."""
    target = url("docs")
    lines = [f"Host: {target.split('/')[2]}", f"Proxy-Authorization: Bearer {gateway.token()}"]
    head = http(f"GET {target} HTTP/1.1", *lines)

    async def never(_: object, reader: asyncio.StreamReader, __: object) -> None:
        await reader.read()

    upstream.reply = never
    start = {
        "head": head.rstrip() + b"\r\nX-A: ",
        "ahead": head,
        "chunk line": http(f"POST {target} HTTP/1.1", *lines, "Transfer-Encoding: chunked", body=b"1;"),
    }[what]
    assert await talk(gateway, start + b"a" * (3 << 20)) is not None
