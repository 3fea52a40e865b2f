"""People learn what a request would touch, from its own service; whatever goes wrong there, only that is not known."""

from __future__ import annotations

import asyncio
import string
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.mitm.harness import CREDENTIAL, Running, until
from tests.mitm.people import People
from tests.mitm.upstream import Seen, Upstream, answer

from interlock.engine.rules import load_rules

POLICY = """
  - id: asks
    review: ["sql.write"]
    on: [ledger]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 4s
"""
CONNECTIONS = """
  - name: ledger
    protocol: http
    hosts: ["http://127.0.0.3:$port"]
    addresses: [127.0.0.0/8]
    commands: [{at: "POST /query", path: $$.query, language: sql, dialect: sqlite}]
    credential: {scheme: bearer, from: env:MITM_CREDENTIAL}
    estimate: {path: /estimate, rows: $$.plan.rows}
"""
QUERY = {"query": "UPDATE orders SET paid = 1 WHERE id = 3"}


@pytest.fixture
async def gateway(start, upstream: Upstream) -> AsyncIterator[Running]:
    """A gateway whose ledger can estimate."""
    await upstream.open(["ledger"])
    added = string.Template(CONNECTIONS).substitute(port=upstream.ports["ledger"])
    async with start(rules={"policy": POLICY, "connections": added}) as running:
        yield running


def replying(upstream: Upstream, estimate: bytes, *, wait: float = 0.0) -> None:
    """What `/estimate` says; everything else says yes."""

    async def reply(seen: Seen, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if seen.target == "/estimate":
            await asyncio.sleep(wait)
        writer.write(estimate if seen.target == "/estimate" else answer())
        await writer.drain()

    upstream.reply = reply


async def rows(gateway: Running, url: str) -> object:
    """What people are shown; the question is then withdrawn by its client leaving."""
    people = People(gateway)
    async with gateway.forward(gateway.token()) as client:
        waiting = asyncio.create_task(client.post(url, json=QUERY))
        shown = (await people.asked())[0].shown
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    found = shown["estimate"]
    assert isinstance(found, dict)
    return found["rows"]


async def test_people_see_how_many_rows(gateway: Running, upstream: Upstream, url) -> None:
    """The very body is asked about, with the connection's credential, before anybody is asked to decide."""
    replying(upstream, answer(b'{"plan": {"rows": 17}}'))

    assert await rows(gateway, url("ledger", "/query")) == 17
    asked = upstream.seen[0]
    assert (asked.method, asked.target) == ("POST", "/estimate")
    assert asked.header("authorization") == f"Bearer {CREDENTIAL}"
    assert b"UPDATE orders" in asked.body
    assert [seen.target for seen in upstream.seen] == ["/estimate"]


@pytest.mark.parametrize(
    "estimate",
    [
        answer(b'{"plan": {"rows": 17}}', status=500),
        answer(b'{"plan": {"rows": "many"}}'),
        answer(b'{"plan": {"rows": true}}'),
        answer(b'{"plan": {"rows": -1}}'),
        answer(b'{"plan": {"rows": Infinity}}'),
        answer(b'{"plan": {"rows": NaN}}'),
        answer(b'{"plan": {"rows": 1e400}}'),
        answer(b'{"plan": {}}'),
        answer(b"not json"),
        answer(b"9" * (70 << 10)),
        answer(b"", status=302, headers=[("location", "http://127.0.0.3:1/")]),
        b"nonsense\r\n\r\n",
        b"",
    ],
)
async def test_what_cannot_be_estimated_is_not_known(gateway, upstream, url, estimate: bytes) -> None:
    """The question is asked all the same."""
    replying(upstream, estimate)

    assert await rows(gateway, url("ledger", "/query")) == "not known"


async def test_a_slow_estimate_is_not_waited_for(gateway, upstream, url, monkeypatch: pytest.MonkeyPatch) -> None:
    """People are asked without it."""
    monkeypatch.setattr("interlock.mitm.estimates._PATIENCE", 0.05)
    replying(upstream, answer(b'{"plan": {"rows": 17}}'), wait=3)

    assert await rows(gateway, url("ledger", "/query")) == "not known"


async def test_nothing_is_estimated_under_rules_of_before(gateway, upstream: Upstream, url, monkeypatch) -> None:
    """Rules that come before it leaves give the connection another credential: that one does not go to the old path."""
    replying(upstream, answer(b'{"plan": {"rows": 17}}'))
    services, check = gateway.services, gateway.services.egress.check

    async def late(*where: Any) -> None:
        file = services.rules.folder / "world.yaml"
        file.write_text(file.read_text().replace("path: /estimate", "path: /count"))
        services.use(load_rules(services.rules.folder))
        await check(*where)

    monkeypatch.setattr(services.egress, "check", late)
    async with gateway.forward(gateway.token()) as client:
        response = await client.post(url("ledger", "/query"), json=QUERY)

    assert response.json()["reason"] == "approval-outdated"
    assert upstream.seen == []


async def test_what_needs_nobody_is_not_estimated(gateway: Running, upstream: Upstream, url) -> None:
    """A refused request costs the service nothing."""
    async with gateway.forward(gateway.token()) as client:
        refused = await client.post(url("ledger", "/query"), json={"query": "DROP TABLE orders"})

    assert isinstance(refused, httpx.Response)
    assert refused.status_code == 403
    assert upstream.seen == []


async def test_what_cannot_be_asked_is_not_estimated(gateway: Running, upstream: Upstream, url) -> None:
    """Neither beyond what one principal may ask, nor what is asked already: each question costs one estimate."""
    replying(upstream, answer(b'{"plan": {"rows": 1}}'))
    people, target = People(gateway), url("ledger", "/query")
    async with gateway.forward(gateway.token()) as client:
        waiting = []
        for number in (0, 1, 2, 3, 4, 0):
            query = {"query": f"UPDATE orders SET paid = {number}"}
            waiting.append(asyncio.create_task(client.post(target, json=query)))
        await until(lambda: gateway.services.approvals.held == 6)
        assert len(await people.asked(5)) == 5
        full = await client.post(target, json={"query": "UPDATE orders SET paid = 6"})
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    assert "approvals-full" in full.text
    assert [seen.target for seen in upstream.seen] == ["/estimate"] * 5
