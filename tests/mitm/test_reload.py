"""Rules that are edited while the gateway runs: taken over as a whole when good, and not at all when not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.mitm.harness import RULES, Running, until
from tests.mitm.test_contain import WEBSOCKET
from tests.mitm.upstream import PERSON, Script, answer

from interlock.mitm import services


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the folder often."""
    monkeypatch.setattr(services, "_RELOAD_SECONDS", 0.01)


def edit(gateway: Running, old: str, new: str) -> None:
    """Change the rules file as an editor does: a new file in its place."""
    file = gateway.services.rules.folder / "world.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    fresh = file.with_suffix(".new")
    fresh.write_text(text.replace(old, new), encoding="utf-8")
    fresh.replace(file)


async def ask(gateway: Running, url: str) -> int:
    """The status of a call with a good token."""
    async with gateway.forward(gateway.token()) as client:
        return (await client.get(url)).status_code


async def test_a_good_edit_is_taken_over(gateway, url) -> None:
    """What it permits is permitted, what it no longer permits is not; the evidence names the new rules."""
    before = gateway.services.rules.digest
    assert await ask(gateway, url("docs", "/later/x")) == 403
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: gateway.services.rules.digest != before)
    statuses = [await ask(gateway, url("docs", "/later/x")), await ask(gateway, url("docs", "/open/x"))]

    assert statuses == [200, 403]
    assert gateway.services.recordings.rules_digest == gateway.services.rules.digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("permit: [sql.read]", "permitt: [sql.read]"),
        ("version: 1", "version: 2"),
        ("connections:", "connections: ["),
        ("from: env:MITM_CREDENTIAL", "from: nowhere:MITM_CREDENTIAL"),
        ("detect: [email]", "detect: [no-such-detector]"),
    ],
)
async def test_a_bad_edit_keeps_the_last_good_rules(gateway, upstream, url, caplog, old, new) -> None:
    """And says so, loudly, with file and line; a good edit afterwards is taken over."""
    before = gateway.services.rules
    edit(gateway, old, new)
    await until(lambda: "keeps the last good rules" in caplog.text)
    statuses = [await ask(gateway, url("docs")), await ask(gateway, url("docs", "/closed"))]
    assert gateway.services.rules is before
    edit(gateway, new, old + "\n" if old == "version: 1" else old)
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: gateway.services.rules is not before)

    assert statuses == [200, 403]
    assert any(record.levelno == logging.ERROR and "keeps the last" in record.getMessage() for record in caplog.records)
    assert await ask(gateway, url("docs", "/later/x")) == 200


async def test_deleting_all_rules_keeps_the_last_good_ones(gateway, url, caplog) -> None:
    """An emptied folder is an error, not an empty policy and not an open one."""
    (gateway.services.rules.folder / "world.yaml").unlink()
    await until(lambda: "keeps the last good rules" in caplog.text)

    assert [await ask(gateway, url("docs")), await ask(gateway, url("docs", "/closed"))] == [200, 403]


async def test_a_failure_nobody_thought_of_keeps_them_too(gateway, url, caplog, monkeypatch) -> None:
    """Its text is not logged: it could hold what stands in the rules."""

    def fail(_: object) -> None:
        raise ValueError("canary")

    monkeypatch.setattr(services, "load_rules", fail)
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: "keeps the last good rules" in caplog.text)

    assert "canary" not in caplog.text
    assert await ask(gateway, url("docs")) == 200


async def test_masks_change_with_the_rules(gateway, url) -> None:
    """A mask that was added holds from the next answer on."""
    before = gateway.services.rules
    edit(gateway, "detect: [email]", "detect: [phone]")
    await until(lambda: gateway.services.rules is not before)
    async with gateway.forward(gateway.token()) as client:
        shown = await client.get(url("docs"))
        middle = gateway.services.rules
        edit(gateway, "detect: [phone]", "detect: [email]")
        await until(lambda: gateway.services.rules is not middle)
        hidden = await client.get(url("docs"))

    assert PERSON in shown.text
    assert PERSON not in hidden.text


LINE = '{name: docs, protocol: http, hosts: ["http://127.0.0.3:$docs"], addresses: [127.0.0.0/8]}'
KEPT = """  - {id: kept, path: "$$.kept", with: redact, where: [recordings]}
"""


class Heads:
    """Says when the head of a request, or of an answer, was taken."""

    def __init__(self, hook: str = "requestheaders") -> None:
        self.came = asyncio.Event()
        setattr(self, hook, lambda _: self.came.set())


def late_body(go: asyncio.Event) -> dict[str, Any]:
    """A request whose end comes when it is let go on."""

    async def body() -> AsyncIterator[bytes]:
        yield b'{"a":'
        await go.wait()
        yield b"1}"

    return {"content": body(), "headers": {"content-type": "application/json"}}


@pytest.mark.parametrize("exempted", ["people", "kept"])
async def test_a_request_of_before_brings_no_exemption_along(start, upstream, url, exempted) -> None:
    """Its body ends under rules without one: it is refused, and neither answers nor recordings of those after it are
    exempted.
    """
    upstream.reply = answer(json.dumps({"mail": PERSON, "kept": "value-of-4711"}).encode())
    unmask = f", unmask: {{{exempted}: because}}}}"
    rules = {"text": RULES.replace(LINE, LINE[:-1] + unmask) + KEPT}
    heads, go = Heads(), asyncio.Event()

    async with start(rules=rules, addons=[heads]) as gateway:
        before = gateway.services.rules
        first, other = gateway.forward(gateway.token()), gateway.forward(gateway.token(subject="max"))
        async with first, other:
            late = asyncio.create_task(first.post(url("docs"), **late_body(go)))
            await asyncio.wait_for(heads.came.wait(), 30)
            edit(gateway, unmask, "}")
            await until(lambda: gateway.services.rules is not before)
            go.set()
            answers = [await late, await other.post(url("docs"), json={"who": "second@example.org"})]
            answers.append(await first.post(url("docs"), json={"who": "third@example.org"}))
        await gateway.services.stop()
        recorded = gateway.recorded()

    assert [one.status_code for one in answers] == [503, 200, 200]
    assert answers[0].json()["reason"] == "rules-changed"
    assert not [one.text for one in answers if PERSON in one.text]
    for masked in (PERSON, "second@example.org", "third@example.org", "value-of-4711"):
        assert masked.encode() not in recorded, masked


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("name: docs,", "name: docs, credential: {scheme: bearer, from: env:MITM_CREDENTIAL},", 503),
        ("name: docs,", "name: docs, max_body: 1MiB,", 503),
        ('"http.get /open/**"', '"http.get /later/**"', 200),
    ],
    ids=["credential", "limit", "elsewhere"],
)
async def test_a_request_is_sent_as_it_was_judged(start, upstream, url, old, new, status) -> None:
    """Its connection is another than when its head came: no credential goes with it that nobody named or masked. What
    changed elsewhere does not stop it.
    """
    heads, go = Heads(), asyncio.Event()
    async with start(addons=[heads]) as gateway:
        before = gateway.services.rules
        async with gateway.forward(gateway.token()) as client:
            late = asyncio.create_task(client.post(url("docs"), **late_body(go)))
            await asyncio.wait_for(heads.came.wait(), 30)
            edit(gateway, old, new)
            await until(lambda: gateway.services.rules is not before)
            go.set()
            response = await late

    assert response.status_code == status
    assert len(upstream.seen) == (status == 200)


MINE = """  - {id: mine, on: [docs], path: "$$.kept", with: redact}
"""


def slow_answer(body: bytes, head_first: bool, came: asyncio.Event, go: asyncio.Event) -> Script:
    """An answer whose body, or all of it, comes when it is let go on."""
    data = answer(body)
    middle = data.index(b"\r\n\r\n") + 4 if head_first else 0

    async def reply(_: Any, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data[:middle])
        if not head_first:
            came.set()
        await go.wait()
        writer.write(data[middle:])

    return reply


async def answered_after_edit(
    gateway: Running, url: str, came: asyncio.Event, go: asyncio.Event, edited: tuple[str, str]
) -> httpx.Response:
    """The answer of a call in whose middle, once it `came` that far, the rules are edited; then it is let `go` on."""
    before = gateway.services.rules
    async with gateway.forward(gateway.token()) as client:
        late = asyncio.create_task(client.get(url))
        await asyncio.wait_for(came.wait(), 30)
        edit(gateway, *edited)
        await until(lambda: gateway.services.rules is not before)
        go.set()
        return await late


async def test_an_answer_is_recorded_under_masks_though_others_come_in_its_middle(start, upstream, url) -> None:
    """What the rules at its head and those at its end both mask in recordings is in none, whatever agents get."""
    heads, go = Heads("responseheaders"), asyncio.Event()
    upstream.reply = slow_answer(b'{"kept": "value-of-4711"}', True, heads.came, go)
    async with start(rules={"text": RULES + KEPT}, addons=[heads]) as gateway:
        edited = ("where: [recordings]", "where: [recordings, responses]")
        response = await answered_after_edit(gateway, url("docs"), heads.came, go, edited)
        await gateway.services.stop()
        recorded = gateway.recorded()

    assert response.json() == {"kept": "value-of-4711"}
    assert b"value-of-4711" not in recorded


async def test_a_connection_that_goes_takes_no_mask_along(start, upstream, url) -> None:
    """It has another name by the time of its answer: masks for that one are not masks for it, so it is refused."""
    came, go = asyncio.Event(), asyncio.Event()
    upstream.reply = slow_answer(b'{"kept": "value-of-4711"}', False, came, go)
    async with start(rules={"text": RULES + MINE}) as gateway:
        response = await answered_after_edit(gateway, url("docs"), came, go, ("docs", "papers"))
        await gateway.services.stop()
        recorded = gateway.recorded()

    assert response.json()["reason"] == "obligation-missing"
    assert "value-of-4711" not in response.text
    assert b"value-of-4711" not in recorded


async def test_a_websocket_of_a_connection_that_is_gone_ends(gateway, upstream, url) -> None:
    """What cannot be masked is not passed on, and nobody waits for it."""
    go, ended = asyncio.Event(), asyncio.Event()

    async def talk(_: Any, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        writer.write(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
        writer.write(bytes([0x81, 5]) + b"first")
        await go.wait()
        writer.write(bytes([0x81, 4]) + b"last")
        await ended.wait()

    upstream.reply = talk
    before = gateway.services.rules
    reader, writer = await asyncio.open_connection(*gateway.address("regular"))
    head = [f"GET {url('sockets', '/open/ws')} HTTP/1.1", f"Host: 127.0.0.3:{upstream.ports['sockets']}", *WEBSOCKET]
    lines = [*head, f"Proxy-Authorization: Bearer {gateway.token()}", "", ""]
    with contextlib.closing(writer):
        writer.write("\r\n".join(lines).encode())
        await asyncio.wait_for(reader.readuntil(b"first"), 30)
        edit(gateway, "sockets", "plugs")
        await until(lambda: gateway.services.rules is not before)
        go.set()
        data = await asyncio.wait_for(reader.read(), 30)
    ended.set()

    assert b"last" not in data


async def test_a_tunnel_ends_when_its_issuer_goes(gateway, url) -> None:
    """Identity is judged again on every request, by the rules in force."""
    async with gateway.forward(gateway.token()) as client:
        first = await client.get(url("tls"))
        before = gateway.services.rules
        edit(gateway, "name: demo", "name: other")
        edit(gateway, "from: demo", "from: other")
        await until(lambda: gateway.services.rules is not before)
        second = await client.get(url("tls"))

    assert (first.status_code, second.status_code) == (200, 403)


async def test_a_demo_issuer_does_not_join_a_gateway_that_others_can_reach(gateway, url, caplog) -> None:
    """Anyone who reads its key is anyone: such a gateway starts anew, on loopback."""
    gateway.pipeline.loopback_only = False
    identities = gateway.services.rules.identities
    object.__setattr__(identities[0], "demo", False)
    before = gateway.services.rules
    edit(gateway, '"http.get /open/**"', '"http.get /later/**"')
    await until(lambda: "keeps the last good rules" in caplog.text or gateway.services.rules is not before)

    assert gateway.services.rules is before
    assert "demo" in caplog.text
