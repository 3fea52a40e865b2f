"""Answers on their way back: whole or streamed, what has to be read and cannot be does not pass."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import logging
import shutil
from typing import Any

import brotli
import httpx
import pytest
import zstandard
from tests.mitm.harness import Running, read_all, until
from tests.mitm.test_contain import status
from tests.mitm.upstream import HOST, PERSON, answer, events
from tests.servers.certificates import Authority

from interlock.errors import Refused
from interlock.masking.probe import Cursor
from interlock.masking.scan import Scanner
from interlock.mitm.reply import Reply
from interlock.reasons import Reason
from interlock.recording import Session

CANARY = "canary-81aa"


async def get(gateway: Running, url: str, **given: Any) -> httpx.Response:
    """A call with a good token."""
    async with gateway.forward(gateway.token()) as client:
        return await client.get(url, **given)


def kinds(gateway: Running) -> set[str]:
    """Reasons and errors of all events."""
    return {str(event["data"].get("error") or event["data"].get("reason")) for event in gateway.events()}


# -- whole answers


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (answer(b'{"email": "' + PERSON.encode()), "body-unparsable"),
        (answer(b'{"email": 1, "email": "' + PERSON.encode() + b'"}'), "body-ambiguous"),
        (answer(b"\xff\xfe" + PERSON.encode(), kind="text/plain"), "body-unparsable"),
        (answer(PERSON.encode(), kind="application/octet-stream"), "body-unparsable"),
        (answer(PERSON.encode(), kind="image/png"), "body-unparsable"),
        (answer(headers=[("Content-Encoding", "rot13")]), "body-undecodable"),
        (answer(headers=[("Content-Encoding", "gzip")]), "body-undecodable"),
        (answer(gzip.compress(gzip.compress(b"{}")), headers=[("Content-Encoding", "gzip, gzip")]), "body-undecodable"),
        (events(f"data: {PERSON}\n\n"), "stream-unreadable"),
    ],
)
async def test_an_answer_that_cannot_be_read_does_not_pass(gateway, upstream, url, reply, reason) -> None:
    """Where masks apply: what cannot be masked is refused, with 502."""
    upstream.reply = reply
    response = await get(gateway, url("docs"))

    assert (response.status_code, response.json()["reason"]) == (502, reason)
    assert PERSON not in response.text
    assert reason in gateway.reasons()


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstandard.ZstdCompressor().compress)],
)
async def test_a_packed_answer_is_unpacked_and_masked(gateway, upstream, url, coding, pack) -> None:
    """Although identity was asked for."""
    upstream.reply = answer(pack(f'{{"email": "{PERSON}", "ok": 1}}'.encode()), headers=[("Content-Encoding", coding)])
    response = await get(gateway, url("docs"))

    assert response.status_code == 200
    assert response.json()["ok"] == 1
    assert PERSON not in response.text
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize(("method", "code"), [("GET", 204), ("GET", 304)])
async def test_an_answer_without_a_body_passes(gateway, upstream, url, method, code) -> None:
    """Nothing has to be read where nothing is."""
    upstream.reply = f"HTTP/1.1 {code} X\r\nX-Kept: yes\r\n\r\n".encode()
    response = await get(gateway, url("docs"))

    assert response.status_code == code
    assert response.headers["x-kept"] == "yes"


async def test_an_informational_answer_is_not_the_answer(gateway, upstream, url) -> None:
    """103 before 200."""
    upstream.reply = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer()
    response = await get(gateway, url("docs"))

    assert response.status_code == 200
    assert PERSON not in response.text


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense ",
        b"HTTP/1.1 two ",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Bad Name: ",
    ],
)
async def test_an_answer_that_is_no_http_is_not_quoted(gateway, upstream, url, caplog, head) -> None:
    """mitmproxy would show what it could not parse."""
    caplog.set_level(logging.DEBUG)

    async def send(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(head + PERSON.encode() + b"\r\n\r\n")
        writer.close()

    upstream.reply = send
    response = await get(gateway, url("docs"))
    await gateway.services.stop()

    assert response.status_code == 502
    assert PERSON not in response.text + repr(response.headers) + caplog.text
    assert PERSON.encode() not in gateway.recorded()


# -- streams


@pytest.mark.parametrize("cut", [1, 7, 16, 40])
async def test_a_value_split_over_chunks_of_a_stream_is_masked(gateway, upstream, url, cut) -> None:
    """Any chunking gives the same result."""
    text = f'data: {{"email": "{PERSON}", "n": 1}}\n\n'
    upstream.reply = events(*(text[at : at + cut] for at in range(0, len(text), cut)))
    response = await get(gateway, url("feed"))

    assert response.status_code == 200
    assert PERSON not in response.text
    assert '"n": 1' in response.text


async def test_a_packed_stream_is_refused(gateway, upstream, url) -> None:
    """It was asked for as it is."""
    upstream.reply = events("data: {}\n\n").replace(
        b"text/event-stream", b"text/event-stream\r\nContent-Encoding: gzip"
    )
    response = await get(gateway, url("feed"))

    assert (response.status_code, response.json()["reason"]) == (502, "body-undecodable")


class Panic(BaseException):
    """A crash in a compiled extension."""


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, Panic])
async def test_a_stream_that_fails_ends_without_what_it_held(
    gateway, upstream, url, caplog, monkeypatch, error
) -> None:
    """mitmproxy would hang; the agent gets an error event and a closed connection, and nothing unmasked."""

    class Failing:
        def feed(self, data: bytes) -> bytes:
            """Never."""
            raise error(CANARY)

        close = feed

    monkeypatch.setattr(Reply, "transform", lambda *_: Failing())
    upstream.reply = events(f'data: {{"email": "{PERSON}"}}\n\n', "data: {}\n\n")
    data = await gateway.raw(
        f"GET {url('feed')} HTTP/1.1\r\nHost: {HOST}:{upstream.ports['feed']}\r\n"
        f"Proxy-Authorization: Bearer {gateway.token()}\r\n\r\n".encode()
    )
    await gateway.services.stop()

    assert status(data) == 200
    assert b"internal-error" in data
    assert "internal-error" in gateway.reasons()
    assert PERSON.encode() not in data + gateway.recorded()
    assert CANARY not in data.decode() + caplog.text + gateway.recorded().decode("latin-1")


async def test_nothing_passes_on_a_connection_that_is_about_to_be_closed(gateway, upstream, url) -> None:
    """Its sender could not tell whether the request was forwarded, and would let it run twice."""
    upstream.reply = events(f'data: {{"email": "{PERSON}"\n\n')
    request = (
        f"GET {url('feed')} HTTP/1.1\r\nHost: {HOST}:{upstream.ports['feed']}\r\n"
        f"Proxy-Authorization: Bearer {gateway.token()}\r\n\r\n"
    ).encode()
    reader, writer = await asyncio.open_connection(*gateway.address("regular"))
    with contextlib.closing(writer):
        writer.write(request)
        await reader.readuntil(b"body-unparsable")
        writer.write(request)
        rest = await read_all(reader)

    assert len(upstream.seen) == 1
    assert PERSON.encode() not in rest


async def test_an_event_that_cannot_be_read_ends_the_stream(gateway, upstream, url) -> None:
    """What came before stays; nothing after it passes."""
    upstream.reply = events('data: {"n": 1}\n\n', f'data: {{"email": "{PERSON}"\n\n', 'data: {"n": 3}\n\n')
    data = await gateway.raw(
        f"GET {url('feed')} HTTP/1.1\r\nHost: {HOST}:{upstream.ports['feed']}\r\n"
        f"Proxy-Authorization: Bearer {gateway.token()}\r\n\r\n".encode()
    )

    assert b'data: {"n": 1}' in data
    assert b'{"n": 3}' not in data
    assert PERSON.encode() not in data
    assert "body-unparsable" in gateway.reasons()


# -- the recording


async def test_nothing_leaves_that_cannot_be_recorded(gateway, upstream, url) -> None:
    """The evidence is written before the request leaves."""
    await gateway.services.approvals.stop()  # its files lie there too
    shutil.rmtree(gateway.recordings)
    gateway.recordings.write_text("no folder any more", encoding="utf-8")
    response = await get(gateway, url("docs"))

    assert response.status_code == 503
    assert upstream.seen == []


async def test_no_answer_is_given_that_cannot_be_recorded(gateway, upstream, url, monkeypatch) -> None:
    """The disk fills while the upstream works."""
    append = Session.append

    def full(session: Session, kind: str, data: Any) -> str:
        if kind == "response":
            raise Refused(Reason.RECORDING_UNAVAILABLE)
        return append(session, kind, data)

    monkeypatch.setattr(Session, "append", full)
    response = await get(gateway, url("docs"))

    assert response.status_code == 503
    assert '"ok"' not in response.text
    assert len(upstream.seen) == 1


async def test_a_client_that_leaves_is_recorded(gateway, upstream, url) -> None:
    """Nothing more is sent for it."""
    arrived = asyncio.Event()

    async def wait(_: Any, __: Any, writer: asyncio.StreamWriter) -> None:
        arrived.set()
        await asyncio.sleep(3)

    upstream.reply = wait
    _, writer = await asyncio.open_connection(*gateway.address())
    writer.write(
        f"GET {url('docs')} HTTP/1.1\r\nHost: {HOST}:{upstream.ports['docs']}\r\n"
        f"Proxy-Authorization: Bearer {gateway.token()}\r\n\r\n".encode()
    )
    await asyncio.wait_for(arrived.wait(), 3)
    writer.close()
    await until(lambda: "client-gone" in kinds(gateway))


async def test_an_upstream_that_cannot_be_reached_is_recorded(gateway, upstream, url) -> None:
    """502, in words of ours."""
    await upstream.close()
    response = await get(gateway, url("docs"))

    assert response.status_code == 502
    assert "upstream-unreachable" in kinds(gateway)


async def test_an_upstream_whose_certificate_is_not_trusted_gets_nothing(
    start, upstream, url, authority, tmp_path
) -> None:
    """Another authority signed it."""
    other = Authority(tmp_path / "other")
    async with start(rules={"trust": str(other.pem)}) as gateway:
        response = await get(gateway, url("tls"))
        seen = kinds(gateway)

    assert response.status_code == 502
    assert "upstream-unreachable" in seen
    assert upstream.seen == []


# -- masks that fail


@pytest.mark.parametrize("error", [ValueError, RuntimeError, RecursionError, MemoryError, TimeoutError])
async def test_a_detector_that_fails_lets_nothing_pass(gateway, upstream, url, monkeypatch, error) -> None:
    """Whole answers are refused, streams end, and in neither does the agent see what was not searched."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Scanner, "suspects", fail)
    monkeypatch.setattr(Cursor, "advance", fail)
    for kind, body in (("application/json", f'{{"email": "{PERSON}"}}'), ("text/plain", PERSON), ("text/csv", PERSON)):
        upstream.reply = answer(body.encode(), kind=kind)
        response = await get(gateway, url("docs"))
        assert response.status_code in (500, 502, 503)
        assert PERSON not in response.text
    upstream.reply = events(f'data: {{"email": "{PERSON}"}}\n\n')
    try:
        streamed = (await get(gateway, url("feed"))).text
    except httpx.RemoteProtocolError:
        streamed = ""
    assert PERSON not in streamed
    assert PERSON.encode() not in gateway.recorded()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/csv", f"id,mail\n1,{PERSON}\n"),
        ("application/x-www-form-urlencoded", f"id=1&mail={PERSON.replace('@', '%40')}"),
        ("application/x-ndjson", f'{{"a": 1}}\n{{"mail": "{PERSON}"}}\n'),
    ],
)
async def test_an_answer_in_another_format_is_masked(gateway, upstream, url, kind, body) -> None:
    """Tables, forms and lines: what was found is gone, the rest stays."""
    upstream.reply = answer(body.encode(), kind=kind)
    response = await get(gateway, url("docs"))

    assert response.status_code == 200
    assert PERSON not in response.text
    assert PERSON.partition("@")[0] not in response.text
    assert response.text.startswith(body[:5])
