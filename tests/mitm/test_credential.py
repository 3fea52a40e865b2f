"""The supplied credential is on the wire, and nowhere else: no hook, no view, no recording, no answer sees it."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest
from mitmproxy import flow, hooks
from tests.mitm.harness import CREDENTIAL, RULES
from tests.mitm.people import People
from tests.mitm.upstream import answer

from interlock.engine.rules import load_rules
from interlock.mitm.inject import Inject


class Watcher:
    """Stands at the end of the chain, listens to every hook there is, and writes down whole flows."""

    name = "watcher"

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in hooks.all_hooks or name in ("load", "configure"):
            raise AttributeError(name)

        def note(*arguments: Any) -> None:
            flows = arguments[0] if name == "update" else arguments
            for each in flows:
                state = each.get_state() if isinstance(each, flow.Flow) else each
                self.seen[name] = self.seen.get(name, "") + repr(state)

        return note


@pytest.mark.parametrize("runner", ["start", "start_dump"])
@pytest.mark.parametrize("name", ["warehouse", "tls", "h2"])
async def test_the_credential_is_seen_by_the_upstream_alone(request, upstream, h2_upstream, url, runner, name) -> None:
    """HTTP/1 and HTTP/2 upstreams, plain and over TLS; also in the list of flows that mitmweb shows."""
    watcher = Watcher()
    async with request.getfixturevalue(runner)(addons=[watcher]) as gateway:
        async with gateway.forward(gateway.token(), http2=name == "h2") as client:
            response = await client.post(url(name), json={"a": 1})
        await gateway.services.stop()
        recorded = gateway.recorded()

    arrived = (upstream.seen + h2_upstream.seen)[0]
    assert response.status_code == 200
    assert arrived.header("authorization") == f"Bearer {CREDENTIAL}"
    assert arrived.body == b'{"a":1}'
    assert {"requestheaders", "request", "responseheaders", "response", "update"} <= watcher.seen.keys()
    assert {"server_connect", "server_connected", "client_disconnected"} <= watcher.seen.keys()
    assert CREDENTIAL not in "".join(watcher.seen.values())
    assert CREDENTIAL.encode() not in recorded


async def test_an_upstream_that_hangs_up_leaves_no_credential_behind(start, upstream, url) -> None:
    """The error hook sees the flow as it was judged."""
    watcher = Watcher()

    async def hang_up(_: Any, __: Any, writer: Any) -> None:
        writer.close()

    upstream.reply = hang_up
    async with start(addons=[watcher]) as gateway:
        async with gateway.forward(gateway.token()) as client:
            response = await client.get(url("warehouse"))
        await gateway.services.stop()
        recorded = gateway.recorded()

    assert response.status_code == 502
    assert "error" in watcher.seen
    assert CREDENTIAL not in "".join(watcher.seen.values()) + response.text
    assert CREDENTIAL.encode() not in recorded


async def test_an_echo_of_the_credential_is_masked(gateway, upstream, url) -> None:
    """Body, headers and reason phrase of an answer that repeats it."""
    upstream.reply = answer(
        f'{{"you sent": "Bearer {CREDENTIAL}"}}'.encode(), headers=[("X-Echo", CREDENTIAL), ("Set-Cookie", CREDENTIAL)]
    )
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(url("warehouse"))
    await gateway.services.stop()

    assert response.status_code == 200
    assert CREDENTIAL not in response.text + repr(response.headers)
    assert CREDENTIAL.encode() not in gateway.recorded()


ASKS = """
  - id: asks
    review: ["http.post /asked"]
    on: [warehouse]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 30s
    expires: 1m
"""


async def test_a_credential_that_changed_while_people_decided_is_masked(start, upstream, url, tmp_path) -> None:
    """What is masked is what was sent, not what was there when the question was shown."""
    old, new = "old-credential-4711", "new-credential-4712"
    secret = tmp_path / "secret"
    secret.write_text(old)
    secret.chmod(0o600)
    os.utime(secret, (1, 1))
    upstream.reply = answer(f'{{"you sent": "Bearer {new}"}}'.encode(), headers=[("X-Echo", new)])
    text = RULES.replace("env:MITM_CREDENTIAL", f"file:{secret}")
    async with start(rules={"text": text, "policy": ASKS}) as gateway:
        people = People(gateway)
        await gateway.services.approvals.opened()
        async with gateway.forward(gateway.token()) as client:
            waiting = asyncio.create_task(client.post(url("warehouse", "/asked"), json={"a": 1}))
            asked = (await people.asked())[0]
            secret.write_text(new)
            await people.decide(asked)
            response = await waiting
        await gateway.services.stop()
        recorded = gateway.recorded()
        said = [event["data"]["credential"] for event in gateway.events() if "credential" in event.get("data", {})]

    assert upstream.seen[0].header("authorization") == f"Bearer {new}"
    assert response.status_code == 200
    assert new not in response.text + repr(response.headers)
    assert new.encode() not in recorded
    assert [one["from"] for one in said] == [f"file:{secret}"]
    assert said[0]["version"] > "2020"


async def test_the_credential_that_is_named_is_sent(start, upstream, url, tmp_path, monkeypatch) -> None:
    """Though another one and other rules come once the decision is written: what was read for the call goes with it."""
    old, new = "old-credential-4711", "new-credential-4712"
    secret = tmp_path / "secret"
    secret.write_text(old)
    secret.chmod(0o600)
    os.utime(secret, (1, 1))
    upstream.reply = answer(f'{{"you sent": "Bearer {old}"}}'.encode())
    request = Inject.request
    text = RULES.replace("env:MITM_CREDENTIAL", f"file:{secret}")
    async with start(rules={"text": text}) as gateway:
        services = gateway.services

        async def late(stage, call, flow) -> None:
            secret.write_text(new)
            file = services.rules.folder / "world.yaml"
            file.write_text(file.read_text().replace('"http.put /open/**"', '"http.put /later/**"'))
            services.use(load_rules(services.rules.folder))
            await request(stage, call, flow)

        monkeypatch.setattr(Inject, "request", late)
        before = services.rules.digest
        async with gateway.forward(gateway.token()) as client:
            response = await client.get(url("warehouse"))
        await services.stop()
        said = [event["data"]["credential"] for event in gateway.events() if "credential" in event.get("data", {})]
        assert services.rules.digest != before

    assert upstream.seen[0].header("authorization") == f"Bearer {old}"
    assert [one["version"] for one in said] == ["1970-01-01T00:00:01Z"]
    assert response.status_code == 200
    assert old not in response.text


@pytest.mark.parametrize("status", [401, 407])
async def test_an_upstream_that_rejects_the_credential_is_named(gateway, upstream, url, status) -> None:
    """The agent must not believe that its own token was refused."""
    upstream.reply = answer(b"who are you?", status=status, kind="text/plain", headers=[("WWW-Authenticate", "Basic")])
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(url("warehouse"))

    assert response.status_code == 502
    assert response.json()["reason"] == "credential-rejected"
    assert "www-authenticate" not in response.headers
    assert "credential-rejected" in gateway.reasons()


async def test_a_401_of_an_upstream_without_a_credential_passes(gateway, upstream, url) -> None:
    """There it is the agent's own affair."""
    upstream.reply = answer(b'{"error": "who are you?"}', status=401)
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(url("docs"))

    assert response.status_code == 401


async def test_a_secret_that_cannot_be_read_refuses_the_call(gateway, upstream, url, monkeypatch) -> None:
    """Nothing leaves without the credential it should have had."""
    monkeypatch.delenv("MITM_CREDENTIAL")
    async with gateway.forward(gateway.token()) as client:
        response = await client.get(url("warehouse"))

    assert response.status_code == 503
    assert "secret-unavailable" in gateway.reasons()
    assert upstream.seen == []
