"""`interlock run --observe --until DATE`: what no rule speaks about passes and is marked; everything else stays."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from mitmproxy import http
from tests.mitm.harness import CREDENTIAL, Running
from tests.mitm.upstream import PERSON, Upstream

from interlock.demo.rules import PACKS

HOUR = 3600.0
BLOCKED = "blocklist:\n  - use: packs/sql-destructive"


class Keeper:
    """Keeps every answered flow."""

    name = "keeper"

    def __init__(self) -> None:
        self.flows: list[http.HTTPFlow] = []

    def response(self, flow: http.HTTPFlow) -> None:
        """One more."""
        self.flows.append(flow)


@pytest.fixture
def keeper() -> Keeper:
    """What a view would show."""
    return Keeper()


@pytest.fixture
async def observing(start, tmp_path: Path, keeper: Keeper) -> AsyncIterator[Running]:
    """A gateway that observes for one hour."""
    shutil.copytree(PACKS, tmp_path / "rules" / "packs")
    until = time.time() + HOUR
    async with start(rules={"policy": BLOCKED}, observe_until=until, addons=[keeper]) as gateway:
        yield gateway


def reasons(gateway: Running) -> list[tuple[str, str]]:
    """Effect and reason of every decision."""
    return [
        (event["data"].get("effect", "forbid"), event["data"]["reason"])
        for event in gateway.events()
        if "reason" in event["data"]
    ]


async def test_what_no_rule_permits_passes_and_is_marked(observing: Running, upstream: Upstream, url, keeper) -> None:
    """In the evidence as observed, in a view with an eye; what a rule permits is permitted as ever."""
    async with observing.forward(observing.token()) as client:
        statuses = [(await client.get(url("docs", path))).status_code for path in ("/closed", "/open/x")]

    assert statuses == [200, 200]
    assert [seen.target for seen in upstream.seen] == ["/closed", "/open/x"]
    assert reasons(observing) == [("permit", "observed"), ("permit", "permitted")]
    assert [(flow.marked, flow.comment.partition(":")[0]) for flow in keeper.flows] == [
        (":eye:", "observed"),
        (":green_circle:", "permitted"),
    ]


async def test_masks_and_credentials_apply_to_what_is_observed(observing: Running, upstream: Upstream, url) -> None:
    """The agent sees no personal data, and its own credential is replaced by the gateway's."""
    async with observing.forward(observing.token()) as client:
        answer = await client.post(
            url("warehouse", "/query?api_key=mine"),
            json={"query": "INSERT INTO people VALUES (1)"},
            headers={"authorization": "Bearer mine"},
        )

    assert answer.status_code == 200
    assert PERSON not in answer.text
    assert upstream.seen[0].header("authorization") == f"Bearer {CREDENTIAL}"
    assert "mine" not in upstream.seen[0].target
    assert reasons(observing) == [("permit", "observed")]


@pytest.mark.parametrize(
    ("what", "status", "why"),
    [
        ("no token", 407, "token-missing"),
        ("expired", 407, "token-expired"),
        ("unknown host", 403, "unknown-host"),
        ("upgrade", 403, "upgrade-refused"),
        ("blocked", 403, "blocked"),
        ("review", 403, "approval-pending"),
        ("unreadable", 400, "body-undecodable"),
    ],
)
async def test_the_rest_stays_enforced(observing: Running, upstream: Upstream, url, what, status, why) -> None:
    """Identity, containment, the blocklist, reviews, and bodies that cannot be read."""
    token = observing.token(lifetime=900)
    observing.clock.ahead = 1000.0 if what == "expired" else 0.0
    async with observing.forward("" if what == "no token" else token) as client:
        answer = await {
            "unknown host": lambda: client.get("http://unknown.example.com/closed"),
            "upgrade": lambda: client.get(url("docs"), headers={"connection": "upgrade", "upgrade": "websocket"}),
            "blocked": lambda: client.post(url("warehouse", "/query"), json={"query": "DROP TABLE people"}),
            "review": lambda: client.post(url("docs", "/review/x")),
            "unreadable": lambda: client.post(url("docs"), content=b"x", headers={"content-encoding": "rot13"}),
        }.get(what, lambda: client.get(url("docs", "/closed")))()

    assert answer.status_code == status
    assert ("forbid", why) in reasons(observing)
    assert upstream.seen == []


async def test_observing_ends_by_itself(observing: Running, upstream: Upstream, url) -> None:
    """When the date has come, without a restart, on a connection that is open."""
    async with observing.forward(observing.token(lifetime=2 * HOUR)) as client:
        before = await client.get(url("docs", "/closed"))
        observing.clock.ahead = HOUR + 1
        after = await client.get(url("docs", "/closed"), headers={"x-try": "again"})

    assert (before.status_code, after.status_code) == (200, 403)
    assert reasons(observing)[-1] == ("forbid", "no-rule")
    assert len(upstream.seen) == 1
