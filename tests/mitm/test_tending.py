"""What is done about recordings beside the requests, and what health says of them."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from tests.mitm.harness import RULES, until

from interlock.mitm.tending import tend
from interlock.recording import Limits, verify
from interlock.recording.held import Held, prepare

_SMALL = RULES.replace("identities:", "recording: {quota: 1MiB}\nidentities:", 1)


async def _health(gateway) -> tuple[int, dict]:
    async with gateway.reverse() as client:
        answer = await client.get("/-/interlock/health")
        return answer.status_code, answer.json()


async def test_who_used_up_the_quota_is_refused_and_the_operator_hears_of_it(
    start, url, upstream, caplog: pytest.LogCaptureFixture
) -> None:
    """With a reason of its own; others pass; health and log say so; the refusals stand in the bounded log."""
    async with start(rules={"text": _SMALL}) as gateway, gateway.forward(gateway.token(), run="run-1") as client:
        body = {"content": "x" * 100_000, "headers": {"content-type": "text/plain"}}
        refused = await client.post(url("docs"), **body)
        while refused.status_code == 200 and len(upstream.seen) < 200:
            refused = await client.post(url("docs"), **body)
        seen = len(upstream.seen)
        again = await client.post(url("docs", "/forbidden"), **body)
        async with gateway.forward(gateway.token(subject="max")) as other:
            assert (await other.get(url("docs"))).status_code == 200
        with caplog.at_level(logging.ERROR, "interlock"):
            tending = asyncio.create_task(tend(gateway.services))
            await until(lambda: "quota" in caplog.text)
            tending.cancel()
        health = await _health(gateway)
        sizes = [file.stat().st_size for file in gateway.recordings.glob("*/*")]

    assert (refused.status_code, refused.json()["reason"]) == (403, "recording-quota")
    assert "interlock retain" in refused.text
    assert refused.json()["reference"].startswith("refusals/")
    assert again.status_code == 403
    assert 8 < seen < 200
    assert sum(sizes) < seen * 150_000
    assert "erika" in caplog.text
    assert health == (200, health[1] | {"status": "ready", "recordings": {"written": True, "over_quota": 1}})


async def test_a_flood_of_refused_requests_leaves_little(start, url) -> None:
    """A large body that does not pass is not kept; too many equal refusals are counted, and their flows left out."""
    async with start() as gateway, gateway.forward(gateway.token(), run="run-1") as client:
        gateway.services.recordings._shared.limits = Limits(denied_writes=5)
        body = {"content": "x" * 1_000_000, "headers": {"content-type": "text/plain"}}
        answers = [await client.post(url("docs", "/forbidden"), **body) for _ in range(12)]
        references = [answer.json()["reference"] for answer in answers]

    assert {answer.status_code for answer in answers} == {403}
    assert all(references)
    assert len(set(references)) == 5
    kinds = [event["kind"] for event in gateway.events() if event["data"].get("reason") == "no-rule"]
    assert kinds.count("decision") == 5
    (told,) = [event["data"]["refusals"] for event in gateway.events() if event["kind"] == "repeated"]
    assert [entry["count"] for entry in told] == [7]
    kept = [file for file in gateway.recordings.rglob("*") if file.is_file() and ".sqlite" not in file.name]
    assert sum(file.stat().st_size for file in kept) < 100_000
    assert verify(gateway.recordings).ok


async def test_health_says_when_nothing_can_be_recorded(gateway) -> None:
    """Whoever balances load sends traffic elsewhere."""
    assert (await _health(gateway))[0] == 200
    gateway.services.recordings._refusals.failed = gateway.clock.monotonic() + 60
    status, document = await _health(gateway)
    assert (status, document["status"]) == (503, "recording-unavailable")
    assert document["recordings"]["written"] is False


async def test_what_a_dead_gateway_left_is_closed_while_this_one_runs(
    gateway, url, caplog: pytest.LogCaptureFixture
) -> None:
    """Its list of open sessions is locked by nobody."""
    async with gateway.forward(gateway.token(), run="run-1") as client:
        await client.get(url("docs"))
    (evidence,) = gateway.recordings.glob("*/evidence.jsonl")
    name = "01JD3ZK7V00000000000000000"
    (gateway.recordings / name).mkdir()
    first = json.loads(evidence.read_bytes().splitlines()[0])
    assert first["kind"] == "opened"
    prepare(gateway.recordings)
    held = Held(gateway.recordings)
    held.begin(name)
    held.close()
    (gateway.recordings / name / "evidence.jsonl").write_bytes(evidence.read_bytes().splitlines(keepends=True)[0])
    with caplog.at_level(logging.WARNING, "interlock"):
        tending = asyncio.create_task(tend(gateway.services))
        await until(lambda: "left open" in caplog.text)
        tending.cancel()
    assert b'"reason":"recovered"' in (gateway.recordings / name / "evidence.jsonl").read_bytes()
    assert b'"reason":"recovered"' not in evidence.read_bytes()
