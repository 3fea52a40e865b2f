"""Targets, headers and raw answers over a real wire: what is routed, forwarded or told beside the bodies."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from tests.bypasses import test_http as web
from tests.e2e.bypass_world import SUPPLIED, names, started
from tests.e2e.recorder import Recorder
from tests.e2e.wire import Wire
from tests.mitm.upstream import PERSON

from interlock.demo.processes import Gateway
from interlock.demo.serving import Reply
from interlock.engine.trial import Attempt

RUNNERS = ("mitmdump", "interlock")
AT_ONCE = 8
CANARY = "key-of-the-agent-0123456789"
OPEN = "/open/x"
HOSTILE = (
    "\x1b[31mred", "\x1b]8;;http://x\x07link", "\x9b2J", "[link=http://x]x", "\u202egnp.exe", "=cmd|' /C calc'!A0",
    "a\rb", "\u2066x\u2069", "\x1b]52;c;eA==\x07", "\x08\x08\x08ok", "\x1bP+q\x1b\\",
)  # fmt: skip
UNSHOWN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def upstreams() -> Iterator[Wire]:
    """One upstream for each connection."""
    with Recorder(names()) as upstreams:
        yield Wire(upstreams)


@pytest.fixture(scope="module", params=RUNNERS)
def gateway(
    request: pytest.FixtureRequest, upstreams: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Gateway]:
    """A gateway of each runner."""
    with started(upstreams, tmp_path_factory.mktemp(f"heads-{request.param}"), request.param) as running:
        yield running


@pytest.fixture
def wire(gateway: Gateway, upstreams: Wire) -> Wire:
    """The wire through it, on which nothing has arrived."""
    upstreams.upstreams.arrived.clear()
    return upstreams


def raw(port: int, data: bytes, silence: float = 1.0) -> bytes:
    """Everything that comes back for these bytes."""
    found = b""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=silence) as client:
        client.sendall(data)
        while piece := client.recv(65536):
            found += piece
            if web_whole(found):
                break
    return found


def web_whole(data: bytes) -> bool:
    """Whether this is a whole answer of a known length."""
    head, end, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    return bool(end and length) and len(body) >= int(length[1])


# -- where a request goes

TARGETS = [
    "/connections/docs/../warehouse/open/x",
    "/connections/docs/%2e%2e/feed/open/x",
    "/connections/docs/..%2ffeed/open/x",
    "/connections/docs/.%2e/feed/open/x",
    "/connections/./docs/open/x",
    "/connections//docs/open/x",
    "//connections/docs/open/x",
    "/connections/docs//open/x",
    "/Connections/docs/open/x",
    "/connections/Docs/open/x",
    "/connections%2fdocs/open/x",
    "/connections/docs%2fopen/x",
    "/connections/do%63s/open/x",
    "/connections/docs%00/open/x",
    "/connections/docs;a=b/open/x",
    "/connections/docs\\open\\x",
    "/connections/docs/open/..\\closed",
    "/connections/docs/open/../closed",
    "/connections/docs/open/%2e%2e/closed",
    "/connections/docs/open/%252e%252e/closed",
    "/connections/docs/open/x;/../../closed",
    "/connections/docs/open/%c0%ae%c0%ae/closed",
    "/connections/docs/open%2fx",
    "/connections/docs/open/%5c..%5cclosed",
    "/connections/docs/open/x%0d%0aX-Evil:%201",
    "/connections/docs/open/x#/closed",
    "/connections/docs",
    "/connections/",
    "/open/x",
    "*",
    "http://127.0.0.1/connections/docs/open/x",
    "http://docs.example.com/open/x",
    "https://127.0.0.1/connections/docs/open/x",
    "connections/docs/open/x",
    "?/connections/docs/open/x",
    "/connections/docs/open/x HTTP/1.1\r\nX-A: b\r\n\r\nGET /connections/docs/closed",
]


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_in_doubt_goes_nowhere_it_may_not(wire: Wire, target: str) -> None:
    """Routed by its raw form, or refused: what arrives is what was written, under a path that is open."""
    head = (
        f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{wire.ports.reverse}\r\nAuthorization: Bearer {wire.token}\r\n\r\n"
    )
    answer = raw(wire.ports.reverse, head.encode("latin-1"))
    arrived = [seen.target for each in wire.upstreams.arrived.values() for seen in each]

    assert [path for path in arrived if path not in (OPEN, "/open/%252e%252e/closed")] == []
    assert bool(arrived) is (b" 200 " in answer.partition(b"\r\n")[0])


@pytest.mark.parametrize(
    "target", ["/open/x", "/open/a.b/c..d", "/open/a%20b", "/open/x?q=../closed", "/open/-_~!$'()*"]
)
def test_a_plain_target_arrives(wire: Wire, target: str) -> None:
    """The look-alikes, letter by letter."""
    answered = wire.send("1", Attempt("docs", "GET", target))

    assert answered.status == 200
    assert [seen.target for seen in wire.upstreams.arrived.pop("1")] == [target]


# -- what goes with it

OWN_KEYS = ("x-api-key", "api-key", "x-goog-api-key", "x-supplied", "X-SUPPLIED", "x_supplied", "cookie", "cookie2",
            "x-auth-token", "x-amz-security-token", "x-access-token", "private-token", "x-goog-iam-authorization-token",
            "x-vault-token", "ocp-apim-subscription-key", "x-authorization",
            "x-forwarded-authorization", "x-original-authorization", "x-interlock-identity",
            "x-forwarded-access-token")  # fmt: skip
ROUTES = ("x-original-url", "x-rewrite-url", "x-forwarded-host", "x-forwarded-for", "x-forwarded-proto",
          "x-forwarded-prefix", "x-forwarded-path", "forwarded", "x-host", "x-real-ip", "x-http-method-override",
          "x-method-override", "x-http-method", "x-original-host", "x-envoy-original-path",
          "x-middleware-subrequest", "x-forwarded-server", "true-client-ip", "client-ip", "x-interlock-run",
          "destination", "x-forwarded_for", "x_forwarded_host")  # fmt: skip
PARTIAL = ("range", "if-range", "request-range", "if-none-match", "if-modified-since",
           "te", "trailer", "upgrade", "http2-settings", "keep-alive", "expect", "accept-encoding",
           "a-im")  # fmt: skip


@pytest.mark.parametrize("name", [*OWN_KEYS, *ROUTES, *PARTIAL])
def test_no_header_of_the_agents_own_arrives(wire: Wire, name: str) -> None:
    """Neither a key of its own, nor another address, nor a wish for a part; the gateway's key arrives once."""
    answered = wire.send("1", Attempt("docs", "GET", OPEN, ((name, f"{CANARY}"),)))
    arrived = wire.upstreams.arrived.pop("1", [])

    assert bool(arrived) is (answered.status == 200)
    for seen in arrived:
        assert CANARY not in repr(seen.headers)
        assert wire.token not in repr(seen.headers)
        assert [value for key, value in seen.headers if key == "x-supplied"] == [SUPPLIED]


@pytest.mark.parametrize(
    "member",
    ["key", "KEY", "api_key", "api%5Fkey", "Api-Key[]", "access_token", "%61ccess_token", "token", "sig",
     "X-Amz-Signature", "x-goog-api-key", "authorization", "jwt",
     "_method", "x-http-method-override", "+key", "key%00"],
)  # fmt: skip
@pytest.mark.parametrize("separator", ["?", "?a=b&", "?a=b;"])
def test_no_key_of_the_agents_own_arrives_in_the_query(wire: Wire, member: str, separator: str) -> None:
    """The member is gone, or the request was refused; what stands beside it stays."""
    answered = wire.send("1", Attempt("docs", "GET", f"{OPEN}{separator}{member}={CANARY}"))
    arrived = wire.upstreams.arrived.pop("1", [])

    assert bool(arrived) is (answered.status == 200)
    assert [seen.target for seen in arrived] in ([], [OPEN + separator.rstrip("?&;")])


@pytest.mark.parametrize("query", ["?keyword=x", "?monkey=1&tokens=5", "?q=key%3Dx", "?sort=token"])
def test_a_query_with_like_words_arrives(wire: Wire, query: str) -> None:
    """The look-alikes."""
    wire.send("1", Attempt("docs", "GET", OPEN + query))

    assert [seen.target for seen in wire.upstreams.arrived.pop("1")] == [OPEN + query]


@pytest.mark.parametrize("second", ["authorization", "Authorization", "content-type", "Host", "content-length"])
def test_no_header_that_counts_stands_twice(wire: Wire, second: str) -> None:
    """One server takes the first, another the last."""
    kind = ("content-type", "application/json")
    answered = wire.send("1", Attempt("docs", "POST", OPEN, (kind, (second, CANARY)), b"{}"))

    assert wire.refused(answered)
    assert wire.upstreams.arrived.pop("1", []) == []


@pytest.mark.parametrize(
    "named", ["x-supplied", "close, x-supplied", "X-Supplied", "host", "content-length", "x-row, x-supplied", "cookie"]
)
def test_no_connection_header_takes_the_key_off(wire: Wire, named: str) -> None:
    """What it names belongs to the agent's hop: the key that was put on arrives, and the header does not."""
    wire.send("1", Attempt("docs", "GET", OPEN, (("connection", named),)))
    arrived = [seen for each in wire.upstreams.arrived.values() for seen in each]

    for seen in arrived:
        assert [value for key, value in seen.headers if key == "x-supplied"] == [SUPPLIED]
        assert named not in seen.header("connection").casefold()


@pytest.mark.parametrize(
    "name",
    ["accept", "accept-language", "user-agent", "prefer", "x-request-id", "idempotency-key", "traceparent", "origin",
     "referer", "cache-control", "if-match", "anthropic-beta", "x-stainless-lang"],
)  # fmt: skip
def test_ordinary_headers_do_no_harm(wire: Wire, name: str) -> None:
    """The look-alikes: the request arrives."""
    answered = wire.send("1", Attempt("docs", "GET", OPEN, ((name, "text/html, range=0; key"),)))

    assert answered.status == 200
    assert len(wire.upstreams.arrived.pop("1")) == 1


def test_trailers_of_a_request_do_not_arrive(wire: Wire) -> None:
    """Nor does a header that hides behind the body."""
    lines = [f"Host: 127.0.0.1:{wire.ports.reverse}", f"Authorization: Bearer {wire.token}", "X-Row: 1"]
    lines += ["Content-Type: application/json", "Transfer-Encoding: chunked", "Trailer: X-Supplied"]
    head = "\r\n".join(["POST /connections/docs/open/x HTTP/1.1", *lines, "", ""])
    raw(wire.ports.reverse, f"{head}2\r\n{{}}\r\n0\r\nX-Supplied: {CANARY}\r\n\r\n".encode())

    for seen in wire.upstreams.arrived.pop("1", []):
        assert CANARY not in repr(seen.headers)


# -- what is answered


def test_no_raw_answer_shows_what_is_masked(wire: Wire) -> None:
    """Statuses, codings, types, framing, heads and event streams; the plain twin arrives masked."""

    def told(case: tuple[str, str]) -> str:
        name, on = case
        answered = wire.reply(Attempt(on, "GET", OPEN), web.ANSWERS[name])
        seen = repr(answered.headers).encode() + answered.body
        return f"{name} on {on}: {seen[:300]!r}" if web.hidden(seen) else ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [
            text for text in pool.map(told, [(name, on) for name in web.ANSWERS for on in ("docs", "feed")]) if text
        ]
    plain = wire.reply(Attempt("docs", "GET", OPEN), Reply(body=b'{"a": 1, "email": "' + PERSON.encode() + b'"}'))

    assert wrong == []
    assert (plain.status, b'"a": 1' in plain.body, PERSON.encode() in plain.body) == (200, True, False)


ORDINARY = {
    "JSON": Reply(body=b'{"a": [1, 2.50, "\\u00e4"]}'),
    "text": Reply(body="Grüße".encode(), content_type="text/plain; charset=utf-8"),
    "nothing": Reply(204, b"", ""),
    "an error": Reply(404, b'{"error": "no such document"}'),
    "in pieces": Reply(body=b"", content_type="text/plain", pieces=iter((b"one ", b"two"))),
    "with gzip": Reply(body=gzip.compress(b'{"a": 1}'), headers={"content-encoding": "gzip"}),
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_answer_arrives(wire: Wire, name: str) -> None:
    """The look-alikes: what holds nothing to mask comes as it was said, unpacked."""
    reply = ORDINARY[name]
    parts = [b"one ", b"two"] if name == "in pieces" else []
    body = gzip.decompress(reply.body) if name == "with gzip" else b"".join(parts) or reply.body
    said = Reply(reply.status, reply.body, reply.content_type, reply.headers, iter(parts) if parts else None)
    answered = wire.reply(Attempt("docs", "GET", OPEN), said)

    assert (answered.status, answered.body) == (reply.status, body)


@pytest.mark.parametrize("name", ["etag", "last-modified", "accept-ranges", "content-range", "digest", "content-md5",
                                  "repr-digest", "content-digest"])  # fmt: skip
def test_no_header_says_what_the_unmasked_answer_was(wire: Wire, name: str) -> None:
    """A validator or a digest of it would tell a guess right or wrong."""
    reply = Reply(body=b'{"email": "' + PERSON.encode() + b'"}', headers={name: '"c0ffee"'})
    answered = wire.reply(Attempt("docs", "GET", OPEN), reply)

    assert name not in dict(answered.headers)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-3/20\r\n",
        b"HTTP/1.1 206 Partial Content\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Range: bytes 0-3/20\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: multipart/byteranges; boundary=b\r\n",
        b"HTTP/1.1 226 IM Used\r\nIM: range\r\n",
    ],
)
def test_no_part_of_an_answer_passes(wire: Wire, head: bytes) -> None:
    """A value cut in two is masked in neither half."""
    body = b"erika.mustermann@ex"
    raw_answer = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    answered = wire.reply(Attempt("docs", "GET", OPEN), raw_answer)

    assert body not in answered.body or b"206" not in head
    assert "content-range" not in dict(answered.headers)


# -- what is smuggled beside it


def test_no_second_request_arrives_beside_the_first(wire: Wire) -> None:
    """Framing, folding, upgrades and targets at the forward listener: what arrives is what was judged, or nothing."""
    url = wire.upstreams.urls["docs"] + OPEN
    host = url.split("/")[2]

    def told(number: int, name: str) -> str:
        (first, lines, body), allowed = web.REQUESTS[name]
        named = () if name == "folded host" else (f"Host: {host}",)
        head = [*named, f"Proxy-Authorization: Bearer {wire.token}", f"X-Row: s{number}", *lines]
        data = web.http(first.format(url=url, host=host), *head, body=body.replace(b"%s", host.encode()))
        answer = raw(wire.ports.forward, data)
        arrived = [(seen.method, seen.target, seen.body) for seen in wire.upstreams.arrived.pop(f"s{number}", [])]
        fine = arrived == [] or (arrived == allowed and allowed is web.ONE)
        return "" if fine and (allowed is not web.ONE or arrived) else f"{name}: {arrived} {answer[:200]!r}"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [text for text in pool.map(told, range(len(web.REQUESTS)), web.REQUESTS) if text]

    assert wrong == []
    assert wire.upstreams.arrived.pop("", []) == []


# -- what people see of it


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_out_of_the_terminal(wire: Wire, gateway: Gateway, text: str) -> None:
    """Of what an agent or an upstream writes, nothing that moves, colours, links or turns a line is printed."""
    data = text.encode()
    for head in (
        b"GET /connections/docs/open/" + data + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        data + b" /connections/docs/open/x HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /connections/docs/open/x HTTP/1.1\r\nHost: " + data + b"\r\n\r\n",
        b"GET /connections/docs/open/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + data + b"\r\n\r\n",
        b"CONNECT " + data + b":443 HTTP/1.1\r\n\r\n",
    ):
        raw(wire.ports.reverse, head, 0.2)
        raw(wire.ports.forward, head, 0.2)
    told = (
        ("postgres", "/v1/query", {"query": text}),
        ("tools", "/mcp", {"jsonrpc": "2.0", "id": text, "method": text}),
        ("graph", "/graphql", {"query": text}),
    )
    for on, target, body in told:
        document = json.dumps(body, ensure_ascii=False).encode()
        assert wire.refused(
            wire.send("", Attempt(on, "POST", target, (("content-type", "application/json"),), document))
        )
    for answer in (b"HTTP/1.1 200 " + data + b"\r\nContent-Length: 0\r\n\r\n", data, b"HTTP/1.1 200 OK\r\n" + data):
        wire.reply(Attempt("docs", "GET", OPEN), answer)

    assert UNSHOWN.findall(gateway.process.output()) == []
    assert UNSHOWN.findall(evidence(gateway)) == []


@pytest.mark.parametrize("text", ["/open/zürich", "/open/東京", "/open/naïve-café"])
def test_plain_text_is_written_as_it_is(wire: Wire, gateway: Gateway, text: str) -> None:
    """The look-alikes: letters of other languages are no harm, and the evidence shows the path."""
    target = quote(text)
    answered = wire.send("1", Attempt("docs", "GET", target))

    assert (answered.status, [seen.target for seen in wire.upstreams.arrived.pop("1")]) == (200, [target])
    assert any(shown in evidence(gateway) for shown in (text, target, json.dumps(text)[1:-1]))


def evidence(gateway: Gateway) -> str:
    """Everything that was written as evidence."""
    files = (file for file in gateway.confdir.parent.rglob("*.jsonl") if "conf" not in file.parts)
    text = "".join(file.read_text("utf-8") for file in files)
    assert text
    return text
