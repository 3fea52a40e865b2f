"""An attempt meets the same decision as in the gateway, without one."""

from __future__ import annotations

import gzip
import json

import pytest
from tests.engine.conftest import Load

from interlock.engine.trial import Attempt, Trial
from interlock.model import Effect, Principal
from interlock.reasons import Reason

NOW = 1_800_000_000.0
JSON_TYPE = ("content-type", "application/json")


def who(*groups: str) -> Principal:
    """Somebody in these groups."""
    return Principal("corp", "https://idp.example.com", "erika", groups=frozenset(groups))


def query(sql: str, *headers: tuple[str, str], target: str = "/v1/query", on: str = "warehouse") -> Attempt:
    """A query as the warehouse takes it."""
    return Attempt(on, "POST", target, (JSON_TYPE, *headers), json.dumps({"query": sql}).encode())


def test_what_a_rule_permits_is_permitted(load: Load) -> None:
    """With its rule, and the operations that were found."""
    verdict = Trial(load()).request(who("analyst"), query("SELECT 1"), NOW)
    assert verdict.decision.permits
    assert verdict.decision.rule == "analysts-read"
    assert [inner.name for operation in verdict.operations for inner in operation.walk()] == ["http.post", "sql.read"]


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (query("DROP TABLE x"), Reason.NO_RULE),
        (query("SELECT 1", on="nowhere"), Reason.UNKNOWN_HOST),
        (query("SELECT 1", target="/v1/%2e%2e/query"), Reason.AMBIGUOUS_TARGET),
        (query("SELECT 1", ("content-encoding", "gzip")), Reason.BODY_UNDECODABLE),
        (Attempt("warehouse", "POST", "/v1/query", (JSON_TYPE,), b'{"query": '), Reason.BODY_UNPARSABLE),
        (
            Attempt("warehouse", "POST", "/v1/query", (JSON_TYPE,), b'{"query": "a", "query": "b"}'),
            Reason.BODY_AMBIGUOUS,
        ),
        (Attempt("warehouse", "POST", "/v1/query", (JSON_TYPE,), b"[" * 5000), Reason.BODY_UNPARSABLE),
        (Attempt("warehouse", "POST", "/v1/query", (JSON_TYPE,), b" " * (11 << 20)), Reason.BODY_TOO_LARGE),
    ],
)
def test_what_the_gateway_refuses_is_refused_with_its_reason(load: Load, attempt: Attempt, reason: Reason) -> None:
    """Bodies, targets and connections are judged before any rule speaks."""
    decision = Trial(load()).request(who("analyst"), attempt, NOW).decision
    assert (decision.effect, decision.reason) == (Effect.FORBID, reason)


def test_coded_bodies_are_decoded(load: Load) -> None:
    """As the gateway does, with its bound."""
    body = gzip.compress(b'{"query": "SELECT 1"}')
    attempt = Attempt("warehouse", "POST", "/v1/query", (JSON_TYPE, ("content-encoding", "gzip")), body)
    assert Trial(load()).request(who("analyst"), attempt, NOW).decision.permits


def test_proposals_are_judged_as_what_the_agent_runs(load: Load) -> None:
    """A tool call in a reply, with what its input carries."""
    trial = Trial(load())
    permitted = trial.proposal(who("engineer"), "Bash", {"command": "ls -1"}, NOW)
    assert permitted.decision.permits
    for arguments in ({"command": "rm -rf /"}, {"command": 7}, "text"):
        assert trial.proposal(who("engineer"), "Bash", arguments, NOW).decision.effect is Effect.FORBID
    assert trial.proposal(who("analyst"), "Bash", {"command": "ls -1"}, NOW).decision.reason == Reason.NO_RULE


def test_a_tool_call_that_no_agent_could_read_is_refused(load: Load) -> None:
    """The reason of the body it stands in."""
    decision = Trial(load()).proposal(who("engineer"), "no such\nname", {}, NOW).decision
    assert (decision.effect, decision.reason) == (Effect.FORBID, Reason.BODY_UNPARSABLE)


TREE = """\
policy:
  - id: agents-work
    permit: [shell.network, shell.write, "mcp.call:search", sql.read, "http.get /**"]
    on: agent
    to: {groups: [engineer]}
  - id: mcp-writes
    permit: ["mcp.call:query"]
    on: agent
    to: {groups: [engineer]}
  - id: nothing-is-deleted
    forbid: ["http.delete /**"]
    on: agent
"""
NESTED = [
    ("Bash", {"command": "curl https://x.example/a"}, True, "permitted", "agents-work"),
    ("Bash", {"command": "curl -X DELETE https://x.example/a"}, False, "forbidden", "nothing-is-deleted"),
    ("Bash", {"command": "ls; sh -c 'ls | xargs curl -X DELETE https://x.example/a'"}, False, None, None),
    ("Bash", {"command": "curl -X PUT https://x.example/a"}, False, "no-rule", ""),
    ("Bash", {"command": "psql -c 'SELECT 1 FROM x'"}, True, "permitted", "agents-work"),
    ("Bash", {"command": "psql -c 'DROP TABLE x'"}, False, "no-rule", ""),
    ("Bash", {"command": "ssh db.example.com \"psql -c 'DELETE FROM x WHERE id = 1'\""}, False, None, None),
    ("mcp__docs__search", {"text": "x"}, True, "permitted", None),
    ("mcp__docs__delete", {"text": "x"}, False, "no-rule", ""),
    ("mcp__db__query", {"sql": "SELECT 1 FROM x"}, True, "permitted", None),
    ("mcp__db__query", {"sql": "DROP TABLE x"}, False, "no-rule", ""),
    ("WebFetch", {"url": "https://x.example/a", "prompt": "read"}, True, "permitted", None),
]


@pytest.mark.parametrize(("tool", "arguments", "permits", "reason", "rule"), NESTED)
def test_every_operation_of_a_tree_must_be_permitted(
    load: Load, tool: str, arguments: dict[str, str], permits: bool, reason: str | None, rule: str | None
) -> None:
    """HTTP and SQL in a shell in a tool call, MCP in a tool call: the worst of all of them decides."""
    verdict = Trial(load(TREE), explained=True).proposal(who("engineer"), tool, arguments, NOW)
    decision = verdict.decision
    assert decision.permits is permits
    assert reason is None or decision.reason == reason
    assert rule is None or decision.rule == rule
    nodes = [inner for operation in verdict.operations for inner in operation.walk()]
    assert [judged.operation for judged in verdict.judged] == nodes
    assert all(judged.effect is Effect.PERMIT for judged in verdict.judged) is permits
    assert len(nodes) > 1


def test_what_the_agent_runs_is_not_what_a_connection_permits(load: Load) -> None:
    """SQL that analysts may send to the warehouse is not thereby theirs to run on the agent's own machine."""
    verdict = Trial(load()).proposal(who("analyst", "engineer"), "mcp__db__query", {"sql": "SELECT 1 FROM x"}, NOW)
    assert (verdict.decision.effect, verdict.decision.reason) == (Effect.FORBID, Reason.NO_RULE)
