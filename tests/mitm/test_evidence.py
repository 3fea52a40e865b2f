"""What the evidence says: enough to decide again, to tie a call to its turn, and nothing that was masked."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.mitm.harness import CREDENTIAL, PATIENCE, Running
from tests.mitm.upstream import HOST, PERSON, answer, events

from interlock import commands
from interlock.engine.rules import load_rules
from interlock.masking import Literal
from interlock.mitm.call import Call
from interlock.mitm.products import Contained
from interlock.model import Access, Effect, Operation, Principal, Secret
from interlock.policy import Context, decide
from interlock.recording import gathering, read_events
from interlock.recording.flow_reading import read_flows
from interlock.recording.graph import build
from interlock.recording.kept_rules import kept_rules
from interlock.recording.operations import is_whole, unpack
from interlock.recording.packing import pack

CAPTURES = Path(__file__).parent.parent / "captures"
CALLERS = """
  - {id: callers, permit: ["mcp.call:*", sql.read], on: [tickets], to: {from: demo, groups: [reader]}}
  - {id: runners, permit: ["tool.use:*", "mcp.call:*"], on: agent, to: {from: demo, groups: [reader]}}
  - {id: auditors, permit: ["http.get /audit"], on: [docs], to: {from: demo, claims: {department: [audit]}}}
"""
PLACES = """masking:
  - {id: people, detect: [email], with: redact}
  - {id: numbers, path: $$.params.arguments.card, with: last4}
"""
HELLO = {"role": "user", "content": "hello"}
MESSAGE = {"model": "claude-opus-5-5", "max_tokens": 9, "stream": True, "messages": [HELLO]}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
    "name": "execute_sql",
    "arguments": {"query": "select 1", "card": "4111 1111 1111 1234", "to": PERSON, "share": 0.5},
    "_meta": {"claudecode/toolUseId": "toolu_fake012900"},
}}  # fmt: skip


def kinds(gateway: Running) -> list[str]:
    """The kinds of all events of sessions."""
    return [event["kind"] for event in told(gateway)]


def of_kind(gateway: Running, kind: str) -> list[dict[str, Any]]:
    """What events of a kind say."""
    return [event["data"] for event in told(gateway) if event["kind"] == kind]


def told(gateway: Running) -> list[dict[str, Any]]:
    """The events of all sessions."""
    files = sorted(gateway.recordings.glob("*/evidence.jsonl"))
    return [json.loads(line) for file in files for line in file.read_bytes().splitlines()]


async def test_a_decision_can_be_taken_again_from_the_evidence_alone(gateway: Running, url) -> None:
    """Principal, rules by digest, and the operations with all their arguments: the same rules say the same."""
    async with gateway.forward(gateway.token("reader", "other")) as client:
        for statement in ("SELECT name FROM people", "DROP TABLE people"):
            await client.post(url("warehouse", "/query"), json={"query": statement})
    assert kinds(gateway)[:3] == ["opened", "principal", "decision"]
    (who,), decisions = of_kind(gateway, "principal"), of_kind(gateway, "decision")
    assert who["groups"] == ["other", "reader"]
    assert who["subject"] == "erika"
    kept = kept_rules(gateway.recordings, decisions[0]["rules"])
    assert kept is not None
    (kept / "demo.pem").write_bytes((gateway.folder / "rules" / "demo.pem").read_bytes())
    principal = Principal("demo", who["issuer"], who["subject"], groups=frozenset(who["groups"]))
    for said, effect in zip(decisions, (Effect.PERMIT, Effect.FORBID), strict=True):
        context = Context(
            principal, said["connection"], method=said["method"], path=said["path"], now=gateway.clock.now()
        )
        again = decide(load_rules(kept).policy, context, unpack(said["operations"]))
        assert is_whole(said["operations"])
        assert (again.effect, again.rule, again.reason) == (effect, said["rule"], said["reason"])
        assert again.operation is not None
        assert said["operations"][said["decided"]]["name"] == again.operation.name
    assert decisions[0]["credential"]["from"] == "env:MITM_CREDENTIAL"
    assert decisions[0]["credential"]["version"].startswith("20")
    assert CREDENTIAL.encode() not in gateway.recorded()


async def test_groups_and_claims_that_change_are_written(start, url) -> None:
    """Of claims only those that a rule asks about; one event each time something is new, none where nothing is."""
    async with start(rules={"policy": CALLERS}) as gateway:
        for groups in (("reader",), ("reader",), ("reader", "more")):
            async with gateway.forward(gateway.token(*groups), run="run-1") as client:
                await client.get(url("docs"))
        found = of_kind(gateway, "principal")
        assert [who["groups"] for who in found] == [["reader"], ["more", "reader"]]
        assert gateway.services.rules.claims == {"department"}
        assert not any("aud" in str(who) for who in found)


async def test_rules_that_change_are_written_and_kept(gateway: Running, url) -> None:
    """The event stands before the first decision under them."""
    async with gateway.forward(gateway.token(), run="run-1") as client:
        await client.get(url("docs"))
        before = gateway.services.rules.digest
        file = gateway.folder / "rules" / "world.yaml"
        file.write_text(file.read_text(encoding="utf-8") + "# edited\n", encoding="utf-8")
        gateway.services.use(load_rules(gateway.folder / "rules"))
        gateway.services.circumstances.keep(gateway.services.rules)
        await client.get(url("docs"))
    after = gateway.services.rules.digest
    assert kinds(gateway)[-3:] == ["rules", "decision", "response"]
    assert of_kind(gateway, "rules") == [{"rules": after}]
    assert [said["rules"] for said in of_kind(gateway, "decision")] == [before, after]
    assert kept_rules(gateway.recordings, before) is not None
    assert kept_rules(gateway.recordings, after) is not None


async def test_a_flow_is_kept_as_it_was_judged_whatever_rules_come_then(gateway: Running, url, monkeypatch) -> None:
    """It is put together a moment after its exchange: by the masks that were in force when that ended."""
    monkeypatch.setattr(gathering, "_SECONDS", PATIENCE)
    async with gateway.forward(gateway.token(), run="run-1") as client:
        await client.post(url("docs"), json={"about": "erika.mustermann@example.com"})
    file = gateway.folder / "rules" / "world.yaml"
    file.write_text(file.read_text(encoding="utf-8").partition("masking:")[0], encoding="utf-8")
    gateway.services.use(load_rules(gateway.folder / "rules"))
    gateway.services.recordings.close()
    (flows,) = (path.read_bytes() for path in gateway.recordings.rglob("flows.mitm"))
    assert b"[redacted:" in flows
    assert b"erika.mustermann@" not in gateway.recorded()


@pytest.fixture
async def places(start):
    """A gateway that masks addresses wherever they stand, and a member by its place."""
    import tests.mitm.harness as harness

    text = harness.RULES.partition("masking:")[0] + PLACES
    async with start(rules={"policy": CALLERS, "text": text}) as running:
        yield running


async def test_nothing_that_is_masked_stands_among_the_arguments(places: Running, upstream, url) -> None:
    """Found by what it looks like, or masked for where it stands; numbers stay numbers."""
    upstream.reply = answer(b'{"jsonrpc": "2.0", "id": 1, "result": {}}')
    async with places.forward(places.token()) as client:
        await client.post(url("tickets", "/mcp"), json=CALL, headers={"accept": "application/json, text/event-stream"})
        await client.post(url("warehouse", "/query"), json={"query": f"SELECT 1 FROM people WHERE mail = '{PERSON}'"})
    call, query = of_kind(places, "decision")
    assert call["effect"] == query["effect"] == "permit"
    (operation,) = unpack(call["operations"])
    assert operation.arguments["share"] == 0.5
    assert "4111" not in json.dumps(call)
    assert operation.arguments["to"] != PERSON
    assert PERSON.encode() not in places.recorded()
    assert b"4111 1111" not in places.recorded()


async def test_a_tool_use_is_tied_to_its_turn_and_to_what_ran_for_it(start, upstream, url) -> None:
    """With a real client's stream and its own MCP call: the id, the tokens, the pace of the stream, one graph."""
    stream = (CAPTURES / "claude-code-mcp" / "07.POST.response.sse").read_text(encoding="utf-8")
    async with start(rules={"policy": CALLERS}) as gateway:
        async with gateway.forward(gateway.token(), run="run-1") as client:
            upstream.reply = events(*(piece + "\n\n" for piece in stream.split("\n\n") if piece))
            headers = {"x-claude-code-session-id": "c1"}
            streamed = await client.post(url("claude", "/v1/messages"), json=MESSAGE, headers=headers)
            assert streamed.status_code == 200, streamed.text
            upstream.reply = answer(b'{"jsonrpc": "2.0", "id": 1, "result": {}}')
            await client.post(
                url("tickets", "/mcp"), json=CALL, headers={"accept": "application/json, text/event-stream"}
            )
        (session,) = [path for path in gateway.recordings.iterdir() if len(path.name) == 26]
        gateway.services.recorder().close()
        found = [line.event for line in read_events(session) if line.event is not None]
        graph = build((session.name, event) for event in found)
        turn, proposal, call = (node for node in graph.nodes.values())
        assert (turn.turn, turn.claims["session"], turn.tokens > 12657) == (1, "c1", True)
        assert (proposal.name, proposal.tool_use) == ("mcp__db__execute_sql", "toolu_fake012900")
        assert [(edge.kind, edge.by, edge.source) for edge in graph.origin(call.id)] == [
            ("ran", "id", proposal.id), ("proposed", "gateway", turn.id),
        ]  # fmt: skip
        (usage,) = of_kind(gateway, "usage")
        assert (usage["model"], usage["input"]) == ("claude-opus-5-5", 12657)
        flow = next(read_flows(session / "flows.mitm"))
        assert sum(size for _, size in flow.timing) == len(flow.answer) == len(streamed.content)
        assert HOST in flow.host


async def test_a_client_that_names_anothers_call_is_not_tied_to_it(start, upstream, url) -> None:
    """Whoever repeats an id of somebody else's stands alone in its own session (invariant 10)."""
    stream = (CAPTURES / "claude-code-mcp" / "07.POST.response.sse").read_text(encoding="utf-8")
    async with start(rules={"policy": CALLERS}) as gateway:
        upstream.reply = events(*(piece + "\n\n" for piece in stream.split("\n\n") if piece))
        async with gateway.forward(gateway.token(subject="erika"), run="run-1") as client:
            await client.post(url("claude", "/v1/messages"), json=MESSAGE)
        upstream.reply = answer(b'{"jsonrpc": "2.0", "id": 1, "result": {}}')
        async with gateway.forward(gateway.token(subject="max"), run="run-2") as client:
            await client.post(
                url("tickets", "/mcp"), json=CALL, headers={"accept": "application/json, text/event-stream"}
            )
        sessions = sorted(path for path in gateway.recordings.iterdir() if len(path.name) == 26)
        found = [(path.name, line.event) for path in sessions for line in read_events(path) if line.event]
        assert [edge.kind for edge in build(found).edges] == ["proposed"]
        assert of_kind(gateway, "decision")[-1]["claims"]["tool_use"] == ["toolu_fake012900"]


@pytest.mark.parametrize("known", [(Literal(Secret("blue giraffe")),), None])
async def test_what_an_agent_gets_back_is_not_in_the_evidence(gateway: Running, known: Any) -> None:
    """A call is judged with the values that the agent gets; written is what recordings may hold, or nothing."""
    connection = gateway.services.rules.connection("claude")
    assert connection is not None
    call = Call(contained=Contained(connection, connection.origins[0], "/v1/messages", "/v1/messages", "forward"))
    call.answering = True
    call.reply = SimpleNamespace(to_agent=SimpleNamespace(literals=lambda: known))  # type: ignore[assignment]
    (inner,) = commands.analyse("echo 'blue giraffe' 'red'", "shell", agent=True)
    bash = Operation("tool", "use:Bash", "Bash", Access.WRITE, {"command": inner.text}, nested=(inner,), agent=True)
    packed = json.dumps(pack([bash], gateway.services.masks.shower(call)))
    assert "giraffe" not in packed
    assert ("red" in packed) is (known is not None)
    assert '"cut": true' in packed or known is not None
