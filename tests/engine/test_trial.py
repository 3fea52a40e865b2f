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
