"""What a run leaves: evidence in a chain that verifies, and flows that mitmproxy opens, with their decisions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.io import FlowReader
from tests.e2e.harness import World, prepare, start
from tests.e2e.web import until

from interlock.demo.people import PERSONAL
from interlock.demo.processes import RUNNERS
from interlock.recording import verify
from interlock.recording.event import GENESIS, seal

QUERIES = ["SELECT * FROM customers", "DELETE FROM customers", "SELECT name FROM customers"]


@pytest.fixture(scope="module", params=RUNNERS)
def recordings(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after one session of three queries and one refusal without a token."""
    world.forget()
    folder = tmp_path_factory.mktemp(request.param)
    with start(world, folder, request.param) as gateway:
        for query in QUERIES:
            with gateway.direct(world.token("analyst"), **{"x-interlock-run": "run-records"}) as client:
                client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": query})
        with gateway.direct() as client:
            client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": QUERIES[0]})
    return gateway.recordings


def session_of(recordings: Path) -> Path:
    """The one session's folder."""
    (found,) = (path.parent for path in recordings.glob("*/evidence.jsonl"))
    return found


def events_of(file: Path) -> list[dict[str, Any]]:
    """All events of a log."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_each_decision_stands_in_the_evidence(recordings: Path) -> None:
    """Who, what, which rule, in order; and nothing of what was masked."""
    text = (session_of(recordings) / "evidence.jsonl").read_text(encoding="utf-8")
    events = events_of(session_of(recordings) / "evidence.jsonl")
    decisions = [event["data"] for event in events if event["kind"] == "decision"]

    assert events[0]["data"]["subject"] == "erika"
    assert [(data["effect"], data["reason"], data["rule"]) for data in decisions] == [
        ("permit", "permitted", "analysts-read"),
        ("forbid", "blocked", "sql-delete-everything"),
        ("permit", "permitted", "analysts-read"),
    ]
    assert [value for value in PERSONAL if value in text] == []


def test_a_request_without_a_token_opens_no_session(recordings: Path) -> None:
    """Strangers stand in the refusal log alone."""
    reasons = [event["data"].get("reason") for event in events_of(recordings / "refusals.jsonl")]

    assert reasons.count("token-missing") == 1


def test_the_flows_open_in_mitmproxy_with_their_decisions(recordings: Path) -> None:
    """Comment and marker tell at a glance; bodies are the masked ones; no credential is in them."""
    with (session_of(recordings) / "flows.mitm").open("rb") as file:
        flows = [flow for flow in FlowReader(file).stream() if isinstance(flow, http.HTTPFlow)]

    assert [json.loads(flow.request.raw_content or b"")["query"] for flow in flows] == QUERIES
    assert [flow.response.status_code for flow in flows if flow.response] == [200, 403, 200]
    assert all(flow.comment and flow.marked for flow in flows)
    assert "analysts-read" in flows[0].comment
    assert not any("authorization" in flow.request.headers for flow in flows)
    assert b"Erika Mustermann" in (flows[0].response.raw_content or b"")
    assert [value for value in PERSONAL if value.encode() in (flows[0].response.raw_content or b"")] == []


def test_the_chain_verifies_until_somebody_changes_it(recordings: Path) -> None:
    """One changed word, and it says so."""
    assert verify(recordings).ok

    evidence = session_of(recordings) / "evidence.jsonl"
    honest = evidence.read_bytes()
    evidence.write_bytes(honest.replace(b'"effect":"forbid"', b'"effect":"permit"', 1))
    changed = verify(recordings).ok
    evidence.write_bytes(honest)

    assert not changed
    assert verify(recordings).ok


def test_a_log_replaced_between_two_runs_is_said_and_stops_nobody(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Health names it, the output warns, traffic passes, and verification says it ever after."""
    world.forget()
    gateway = prepare(world, tmp_path_factory.mktemp("replaced"), RUNNERS[0])
    log = gateway.recordings / "refusals.jsonl"
    with gateway, gateway.direct() as client:
        client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": QUERIES[0]})
    before = _grave(gateway.recordings)
    line, _ = seal("opened", {"continues": 4999, "log": "refusals"}, 5000, GENESIS, "2026-01-01T00:00:00.000Z")
    log.write_bytes(line)
    with gateway:
        with gateway.direct() as client:
            health = f"{gateway.reverse}/-/interlock/health"
            until(lambda: (client.get(health).json()["evidence"] or {}).get("broken"))
        with gateway.direct(world.token("analyst"), **{"x-interlock-run": "run-after"}) as client:
            answer = client.post(f"{gateway.at('warehouse')}/v1/query", json={"query": QUERIES[0]})
    assert answer.status_code == 200
    assert "refusals.jsonl IS NOT THE LOG ANY MORE" in gateway.process.output()
    assert (before, _grave(gateway.recordings)) == (set(), {("refusals.jsonl", "replaced")})


def _grave(recordings: Path) -> set[tuple[str, str]]:
    return {(one.file, one.what) for one in verify(recordings, workers=1).all_findings if one.grave}
