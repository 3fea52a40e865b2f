"""What agents can ask of their gateway: over plain HTTP and with a real MCP client; only about themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from tests.mitm.harness import Running, until
from tests.mitm.people import reviewer

from interlock.model import ApprovalState

POLICY = """
  - id: asks
    review: ["http.post /ask/**", "http.delete /**"]
    on: [docs]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
    hold: 0s
    expires: 1m
    grant: {max: 30m}
  - id: no-grants
    review: [mcp.call]
    on: [tickets]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer]}
  - id: glass
    break-glass: [sql.admin]
    on: [warehouse]
    to: {from: demo, groups: [reader]}
    by: {from: demo, groups: [reviewer], people: 2}
  - id: others
    permit: [sql.ddl]
    on: [warehouse]
    to: {from: demo, groups: [admins]}
  - id: never
    forbid: ["http.put"]
    on: [docs]
"""
OWN = "http://interlock.internal"
ACCESS = {"connection": "docs", "operations": ["http.post"], "duration": "10m", "reason": "to index <b>all</b>"}


@pytest.fixture
async def stranger(gateway: Running) -> AsyncIterator[httpx.AsyncClient]:
    """Another agent's."""
    async with gateway.forward(gateway.token(subject="max")) as client:
        yield client


async def test_limits_are_names_of_operations_and_connections(agent) -> None:
    """Nothing of patterns, groups, rules and what others may do."""
    found = (await agent.get(f"{OWN}/limits")).json()
    by_name = {entry["connection"]: entry["operations"] for entry in found["connections"]}
    assert by_name["docs"] == {
        "http.delete": "a person decides", "http.get": "permitted", "http.post": "a person decides",
    }  # fmt: skip
    assert by_name["warehouse"]["sql.read"] == "permitted"
    assert by_name["warehouse"]["sql.admin"].startswith("in an emergency")
    assert "sql.ddl" not in by_name["warehouse"]
    text = str(found)
    for secret in ("/ask", "*", "reviewer", "glass", "no-grants", "never"):
        assert secret not in text


async def test_access_is_asked_for_and_granted(gateway, people, agent, upstream, url) -> None:
    """By the agent, with its reason; then it passes without being asked again, and the limits say so."""
    answer = await agent.post(f"{OWN}/access", json=ACCESS)
    assert answer.status_code == 202
    asked = (await people.asked())[0]
    assert answer.json()["id"] == asked.id
    assert asked.because == "to index <b>all</b>"
    await people.decide(asked)
    await until(lambda: gateway.services.approvals.desk.board.any_grants)
    assert (await agent.post(url("docs", "/ask/a"), json={})).status_code == 200
    found = (await agent.get(f"{OWN}/limits")).json()["grants"]
    assert [(one["connection"], one["operations"]) for one in found] == [("docs", ["http.post"])]
    status = (await agent.get(f"{OWN}/approvals/{asked.id}")).json()
    assert (status["state"], status["outcome"]) == ("used", "granted")
    events = [event["data"] for event in gateway.events() if event["kind"] == "approval"]
    assert events[0]["kind"] == "grant"


async def test_an_emergency_takes_two_people(people, agent) -> None:
    """And never the one who asks."""
    given = {**ACCESS, "connection": "warehouse", "operations": ["sql.admin"]}
    assert (await agent.post(f"{OWN}/access", json=given)).status_code == 202
    asked = (await people.asked())[0]
    assert (asked.kind, asked.asks[0].people) == ("break-glass", 2)
    await people.decide(asked, reviewer("rita"))
    assert not people.desk.grants(asked.requester)
    await people.decide(asked, reviewer("ralf"))
    assert len(await people.desk.granted()) == 1


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({**ACCESS, "connection": "unknown"}, "grant-refused"),
        ({**ACCESS, "operations": ["http.get"]}, "grant-refused"),
        ({**ACCESS, "operations": ["http.put"]}, "grant-refused"),
        ({**ACCESS, "connection": "tickets", "operations": ["mcp.call"]}, "grant-refused"),
        ({**ACCESS, "connection": "warehouse", "operations": ["sql.ddl"]}, "grant-refused"),
        ({**ACCESS, "duration": "31m"}, "grant-refused"),
        ({**ACCESS, "operations": ["http.*"]}, "body-unparsable"),
        ({**ACCESS, "operations": []}, "body-unparsable"),
        ({**ACCESS, "duration": "always"}, "body-unparsable"),
        ({**ACCESS, "reason": "x" * 501}, "body-unparsable"),
        ({**ACCESS, "more": 1}, "body-unparsable"),
        ([], "body-unparsable"),
    ],
)
async def test_what_cannot_be_granted_is_not_asked(people, agent, given: Any, reason: str) -> None:
    """Unknown connections and those one may not use are alike."""
    answer = await agent.post(f"{OWN}/access", json=given)
    assert answer.json()["reason"] == reason
    assert not await people.desk.queue()


async def test_unknown_and_foreign_ids_are_alike(people, agent, stranger, url) -> None:
    """To the letter."""
    ticket = (await agent.post(url("docs", "/ask/a"), json={})).json()["approval"]
    own = await agent.get(ticket["status"])
    assert own.json()["state"] == "pending"
    foreign = await stranger.get(ticket["status"])
    unknown = await stranger.get(f"{OWN}/approvals/apr-0123456789abcdef")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content
    assert list(foreign.headers) == list(unknown.headers)


async def test_who_acts_for_another_is_another(gateway, agent, url) -> None:
    """The same subject for somebody else has questions of its own."""
    ticket = (await agent.post(url("docs", "/ask/a"), json={})).json()["approval"]
    from dataclasses import replace

    found = await gateway.services.approvals.desk.get(ticket["id"])
    assert await gateway.services.approvals.own(ticket["id"], found.requester) is not None
    assert await gateway.services.approvals.own(ticket["id"], replace(found.requester, acting_for="max")) is None


@pytest.mark.parametrize("path", ["/limits", "/approvals/apr-1", "/access", "/mcp"])
async def test_strangers_are_told_nothing(gateway, path: str) -> None:
    """All but health takes an identity."""
    async with gateway.forward() as client:
        answer = await client.request("POST" if path in ("/access", "/mcp") else "GET", f"{OWN}{path}", json={})
    assert answer.status_code == 407


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/mcp", 405),
        ("DELETE", "/mcp", 204),
        ("PUT", "/limits", 404),
        ("POST", "/limits", 404),
        ("GET", "/", 404),
    ],
)
async def test_other_methods_and_paths(agent, method: str, path: str, status: int) -> None:
    """Nothing else is there."""
    assert (await agent.request(method, f"{OWN}{path}")).status_code == status


async def test_a_body_has_its_bounds(agent) -> None:
    """More than an agent could mean is not read."""
    answer = await agent.post(f"{OWN}/access", content=b"x" * (65 << 10))
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_real_mcp_client_asks(gateway, people, url, mode: str) -> None:
    """In both eras, at the reverse listener."""
    async with gateway.reverse(gateway.token()) as http:
        base = str(http.base_url).rstrip("/")
        transport = streamable_http_client(f"{base}/-/interlock/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == {"whoami", "what_may_i_do", "request_access", "approval_status"}
            who = await client.call_tool("whoami", {})
            assert who.structured_content["subject"] == "erika"
            asked = await client.call_tool("request_access", ACCESS)
            id = asked.structured_content["id"]
            assert (await people.asked())[0].id == id
            await people.approve_next()
            await people.stands(id, ApprovalState.USED)
            status = await client.call_tool("approval_status", {"id": id})
            assert status.structured_content["state"] == "used"
            none = await client.call_tool("approval_status", {"id": "apr-1"})
            assert none.is_error
            assert "no such approval of yours" in none.content[0].text
            assert (await client.call_tool("what_may_i_do", {})).structured_content["grants"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"jsonrpc": "2.0", "id": 1, "method": "x"}, -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "x"}}, -32602),
        ({"jsonrpc": "2.0", "id": 1}, -32600),
        ([], -32600),
    ],
)
async def test_what_the_server_does_not_know_is_an_error(agent, message: Any, code: int) -> None:
    """In JSON-RPC."""
    answer = await agent.post(f"{OWN}/mcp", json=message)
    assert (answer.status_code, answer.json()["error"]["code"]) == (200, code)
