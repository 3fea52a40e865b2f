"""What is cut while it runs: the agent hears why, and that nobody knows what was done."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from tests.mitm.harness import PATIENCE, Running, until
from tests.mitm.people import People, reviewer
from tests.mitm.test_approve import events, told
from tests.mitm.upstream import Upstream, answer

from interlock.mitm import cutting
from interlock.mitm.call import Call
from interlock.recording import Session

POLICY = """
  - id: asks
    review: ["http.post /ask/**"]
    on: [docs, feed, h2, tls]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 4s
    grant: {max: 30m}
  - id: tools
    review: [mcp.call]
    on: [tickets]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 4s
    grant: {max: 30m}
"""
CALL = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "close", "arguments": {"id": 1}}}
HEADS = {
    "nothing yet": b"",
    "a head": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n",
    "a part": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{",
    "chunks": b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{"\r\n',
    "a body that ends with its connection": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}",
}


class Slow:
    """An upstream that begins to answer, and goes no further."""

    def __init__(self, begun: bytes) -> None:
        self._begun, self.at_work = begun, asyncio.Event()

    async def __call__(self, seen: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self._begun)
        await writer.drain()
        self.at_work.set()
        await reader.read()


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a busy machine takes to answer, it is not cut off for that."""
    monkeypatch.setattr(cutting, "_SOON", PATIENCE)


@pytest.fixture
def calls(gateway: Running, monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Every call that the gateway begins."""
    begun, begin = list[Call](), gateway.services.calls.begin

    def kept(flow: Any) -> Call:
        begun.append(begin(flow))
        return begun[-1]

    monkeypatch.setattr(gateway.services.calls, "begin", kept)
    return begun


async def _cut(
    people: People, upstream: Upstream, calls: list[Call], begun: bytes, send: Callable[[], Awaitable[httpx.Response]]
) -> httpx.Response:
    """What comes of a request whose grant is revoked while it runs."""
    first = asyncio.ensure_future(send())
    grant = await people.grant_next(60)
    await first
    await until(lambda: people.desk.board.any_grants)
    upstream.reply = slow = Slow(begun)
    waiting = asyncio.ensure_future(send())
    await asyncio.wait_for(slow.at_work.wait(), PATIENCE)
    await until(lambda: calls[-1].answering or not begun)
    await people.desk.revoke(grant.id, reviewer(), "enough")
    return await asyncio.wait_for(waiting, PATIENCE)


@pytest.mark.parametrize(("begun", "http2"), [*((head, False) for head in HEADS.values()), (HEADS["a part"], True)])
async def test_an_agent_that_got_nothing_yet_is_told(
    gateway: Running, people: People, upstream: Upstream, url: Any, calls: list[Call], begun: bytes, http2: bool
) -> None:
    """Nothing of the upstream's answer passes; the same connection goes on; the evidence has it."""
    where = "tls" if http2 else "docs"
    async with gateway.forward(gateway.token(), http2=http2) as client:
        got = await _cut(people, upstream, calls, begun, lambda: client.post(url(where, "/ask/a"), json={}))
        said = told(got)
        assert (got.http_version, got.status_code) == ("HTTP/2" if http2 else "HTTP/1.1", 403)
        assert (said["reason"], "the grant: revoked" in said["detail"]) == ("permission-ended", True)
        assert "Nobody knows what it did upstream" in got.text
        upstream.reply = answer()
        assert (await client.get(url(where))).status_code == 200
    assert [data["state"] for data in events(gateway, "grant")] == ["revoked"]
    refused = [data["reason"] for data in events(gateway, "decision") if data["effect"] == "forbid"]
    assert refused == ["permission-ended"]
    assert len(events(gateway, "response")) == 2


async def test_an_mcp_client_is_told_in_its_own_words(
    gateway: Running, people: People, upstream: Upstream, url: Any, calls: list[Call]
) -> None:
    """A JSON-RPC error that answers its very request."""
    headers = {"accept": "application/json, text/event-stream"}
    upstream.reply = answer(b'{"jsonrpc":"2.0","id":7,"result":{"content":[]}}')
    async with gateway.forward(gateway.token()) as client:
        got = await _cut(
            people, upstream, calls, b"", lambda: client.post(url("tickets", "/mcp"), json=CALL, headers=headers)
        )
    said = got.json()
    assert said["id"] == 7
    assert said["error"]["data"]["reason"] == "permission-ended"
    assert "Nobody knows what it did upstream" in said["error"]["message"]


@pytest.mark.parametrize(("framing", "size"), [(b"", b"%b"), (b"transfer-encoding: chunked\r\n", b"10\r\n%b\r\n")])
async def test_a_stream_ends_with_its_error(
    gateway: Running, people: People, upstream: Upstream, url: Any, calls: list[Call], framing: bytes, size: bytes
) -> None:
    """What came before has passed; then one event says why, and nothing follows it."""
    began = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n" + framing + b"\r\n"
    began += size % b'data: {"a": 1}\n\n'
    got = bytearray()

    async def send() -> httpx.Response:
        async with client.stream("POST", url("feed", "/ask/a"), json={}) as streamed:
            async for piece in streamed.aiter_raw():
                got.extend(piece)
            return streamed

    async with gateway.forward(gateway.token()) as client:
        with contextlib.suppress(httpx.RemoteProtocolError):  # torn off: nobody takes it for whole
            await _cut(people, upstream, calls, began, send)
    passed, _, rest = bytes(got).rpartition(b"event: error")
    assert passed.endswith(b'data: {"a": 1}\n\n')
    assert b"permission-ended" in rest
    assert b"Nobody knows what it did upstream" in rest


async def test_what_was_not_sent_yet_is_not_sent(
    gateway: Running, people: People, upstream: Upstream, url: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A grant that ends while the upstream is dialled: it is not forwarded, and the agent is told so."""
    dialling, go_on, check = asyncio.Event(), asyncio.Event(), gateway.services.check_dial

    async def slowly(data: Any) -> None:
        dialling.set()
        await asyncio.wait_for(go_on.wait(), PATIENCE)
        await check(data)

    async with gateway.forward(gateway.token()) as first, gateway.forward(gateway.token()) as client:
        granted = asyncio.ensure_future(first.post(url("docs", "/ask/a"), json={}))
        grant = await people.grant_next(60)
        await granted
        await until(lambda: people.desk.board.any_grants)
        monkeypatch.setattr(gateway.services, "check_dial", slowly)
        waiting = asyncio.ensure_future(client.post(url("docs", "/ask/b"), json={}))
        await asyncio.wait_for(dialling.wait(), PATIENCE)
        await people.desk.revoke(grant.id, reviewer(), "enough")
        await until(lambda: events(gateway, "grant"))
        go_on.set()
        got = await waiting
    assert (told(got)["reason"], "It was not forwarded" in got.text) == ("permission-ended", True)
    assert [seen.target for seen in upstream.seen] == ["/ask/a"]


async def test_it_ends_whatever_becomes_of_writing_that_down(
    gateway: Running, people: People, upstream: Upstream, url: Any, calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the evidence fails in a way that nobody foresaw: who revokes it, and others, are not held up."""
    append = Session.append

    def fails(session: Session, kind: str, data: Any) -> str:
        if kind == "grant":
            raise RuntimeError("unforeseen")
        return append(session, kind, data)

    monkeypatch.setattr(Session, "append", fails)
    async with gateway.forward(gateway.token()) as client:
        got = await _cut(people, upstream, calls, b"", lambda: client.post(url("docs", "/ask/a"), json={}))
    assert told(got)["reason"] == "permission-ended"


async def test_where_no_answer_comes_the_connection_is_closed(
    gateway: Running, people: People, upstream: Upstream, url: Any, calls: list[Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever keeps the gateway from answering: nobody waits for ever, and nothing passes."""
    monkeypatch.setattr(cutting, "_SOON", 0.1)
    monkeypatch.setattr(cutting, "close_server", lambda flow: True)
    async with gateway.forward(gateway.token()) as client:
        with pytest.raises(httpx.HTTPError):
            await _cut(people, upstream, calls, b"", lambda: client.post(url("docs", "/ask/a"), json={}))
