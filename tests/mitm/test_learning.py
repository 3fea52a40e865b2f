"""A first policy is learnt: a gateway observes, a proposal is written from what it saw, and the same traffic passes."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import httpx
from tests.mitm.harness import Running
from tests.mitm.test_observe import BLOCKED

from interlock.access.facts import read_facts
from interlock.access.patch import patch_text
from interlock.access.proposing import propose
from interlock.access.proving import prove, summary
from interlock.access.written import copy_with, written_rules
from interlock.demo.rules import PACKS
from interlock.engine.rules import load_rules
from interlock.replay.walk import Window

WORLD = """
version: 1
gateway:
  forward: 127.0.0.1:0
  reverse: 127.0.0.1:0
  recordings: $recordings
  trust: $trust
identities:
  - {name: demo, issuer: https://issuer.example.com, audience: interlock, algorithms: [ES256], key: demo.pem,
     demo: true, claims: {subject: sub, groups: groups}}
connections:
  - {name: docs, protocol: http, hosts: ["http://127.0.0.3:$docs"], addresses: [127.0.0.0/8]}
  - name: warehouse
    protocol: http
    hosts: ["http://127.0.0.3:$warehouse"]
    addresses: [127.0.0.0/8]
    commands: [{at: "POST /query", path: $$.query, language: sql, dialect: sqlite}]
policy:
  # who asks goes on asking
  - id: nobody-purges
    forbid: ["http.delete /**"]
$policy
"""


async def _traffic(gateway: Running, url: Any) -> dict[str, int]:
    """What three readers and a clerk do on an ordinary day."""
    found: dict[str, int] = {}

    async def one(client: httpx.AsyncClient, method: str, where: str, **more: Any) -> None:
        answer = await client.request(method, where, **more)
        found[f"{method} {where.rpartition(':')[2].partition('/')[2]} {len(found)}"] = answer.status_code

    for subject in ("erika", "max", "lena"):
        async with gateway.forward(gateway.token("reader", subject=subject)) as client:
            for number in range(3):
                await one(client, "GET", url("docs", f"/v1/items/{number}"))
            await one(client, "POST", url("warehouse", "/query"), json={"query": "SELECT id, name FROM customers"})
    async with gateway.forward(gateway.token("clerk", subject="clara")) as client:
        await one(client, "PUT", url("docs", "/v1/notes/=cmd%7C%5Blink=x%5D"), json={})
        await one(client, "POST", url("warehouse", "/query"), json={"query": "INSERT INTO notes (text) VALUES ('x')"})
        await one(client, "POST", url("warehouse", "/query"), json={"query": "SELECT 1"})
    return found


async def test_from_observing_to_enforcing(start: Any, tmp_path: Path, url: Any) -> None:
    """Nothing is written by hand in between; what was refused while observing stays refused."""
    shutil.copytree(PACKS, tmp_path / "rules" / "packs")
    async with start(rules={"text": WORLD, "policy": BLOCKED}, observe_until=time.time() + 3600) as gateway:
        first = await _traffic(gateway, url)
        async with gateway.forward(gateway.token("reader")) as client:
            purged = await client.delete(url("docs", "/v1/items/1"))
            dropped = await client.post(url("warehouse", "/query"), json={"query": "DROP TABLE customers"})
        recordings = gateway.recordings
    assert set(first.values()) == {200}
    assert (purged.status_code, dropped.status_code) == (403, 403)

    rules, written = load_rules(tmp_path / "rules"), written_rules(tmp_path / "rules")
    reading = read_facts([recordings], Window(), covers=lambda name: name == "warehouse")
    found = propose(rules, written, reading.facts)
    proof = prove([recordings], rules, written, found, Window())
    text = patch_text(found, proof=summary(proof))
    assert proof.ok, text
    assert not found.left, text
    assert proof.differences.nothing, text
    assert "http.get /v1/items/*" in text
    assert "groups: [reader]" in text
    assert "tables: [customers]" in text
    assert "newly permitted 0, forbidden 0" in text
    copy_with(tmp_path / "rules", tmp_path / "new", found.dropped, text)
    shutil.rmtree(tmp_path / "rules")
    shutil.move(tmp_path / "new", tmp_path / "rules")
    assert "# who asks goes on asking" in (tmp_path / "rules" / "world.yaml").read_text(encoding="utf-8")

    async with start(rules={"text": WORLD, "policy": BLOCKED}) as gateway:
        assert await _traffic(gateway, url) == first
        async with gateway.forward(gateway.token("reader")) as client:
            assert (await client.delete(url("docs", "/v1/items/1"))).status_code == 403
            assert (await client.get(url("docs", "/v2/items/1"))).status_code == 403
            other = await client.post(url("warehouse", "/query"), json={"query": "SELECT iban FROM accounts"})
            assert other.status_code == 403
