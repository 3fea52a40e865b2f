"""Cases are read into typed values; running them is the engine's."""

from __future__ import annotations

import pytest

from interlock.errors import RulesInvalid
from interlock.model import Effect, Origin
from interlock.policy import Case, Claimant, Proposal, Send, read_cases
from interlock.schema import Reader
from interlock.settings import Connection
from interlock.source import read_yaml_text

WAREHOUSE = Connection("warehouse", "http", (Origin("https", "w.example", 443),))


def cases(text: str, **more: object) -> tuple[Case, ...]:
    reader = Reader()
    found = read_cases(
        read_yaml_text(text, "cases.yaml"),
        reader,
        connections=(WAREHOUSE,),
        identities=("corp",),
        **more,  # type: ignore[arg-type]
    )
    reader.finish()
    return found


def test_a_case_reads_as_written() -> None:
    """Who, where, what, and what is expected."""
    (found,) = cases(
        "- as: {from: corp, subject: erika, groups: [analyst], acting_for: max, claims: {level: 3}}\n"
        "  on: warehouse\n"
        '  send: {at: "POST /v1/query?x=1", body: {query: "SELECT 1"}, headers: {X-Trace: "7"}}\n'
        "  expect: permit\n"
        "  rule: analysts-read\n"
        "  reason: permitted\n"
        '  time: "2030-01-31T09:00+01:00"\n'
    )

    assert found.claimant == Claimant("corp", "erika", frozenset({"analyst"}), "max", found.claimant.claims)
    assert dict(found.claimant.claims) == {"level": 3}
    assert found.send == Send("POST", "/v1/query?x=1", {"query": "SELECT 1"}, True, (("x-trace", "7"),))
    assert (found.expect, found.rule, found.reason, found.time) == (
        Effect.PERMIT,
        "analysts-read",
        "permitted",
        1896076800.0,
    )


def test_a_case_may_propose_a_tool_call() -> None:
    """What an agent would run itself is a case, too; `anyone` stands for a principal without groups."""
    (found,) = cases("- {as: anyone, on: agent, propose: {tool: Bash, input: {command: ls}}, expect: forbid}")

    assert (found.claimant, found.send) == (Claimant(), None)
    assert found.propose == Proposal("Bash", {"command": "ls"})


def test_a_body_can_be_null_or_absent() -> None:
    """No body and the body `null` are two things."""
    first, second = cases(
        "- {as: {}, on: warehouse, send: {at: GET /}, expect: forbid}\n"
        "- {as: {}, on: warehouse, send: {at: POST /, body: null}, expect: forbid}"
    )

    assert first.send is not None
    assert second.send is not None
    assert (first.send.has_body, second.send.has_body) == (False, True)


GET = "send: {at: GET /}"
BROKEN = [
    ("{on: warehouse, send: {at: GET /}, expect: permit}", "needs 'as'"),
    (f"{{as: {{}}, on: warehouse, {GET}, expect: alow}}", "cannot be 'alow'"),
    (f"{{as: {{}}, on: warehuose, {GET}, expect: permit}}", "did you mean 'warehouse'"),
    (f"{{as: {{from: crop}}, on: warehouse, {GET}, expect: permit}}", "did you mean 'corp'"),
    ("{as: {}, on: warehouse, expect: permit}", "send:"),
    (f"{{as: {{}}, on: agent, {GET}, expect: permit}}", "propose:"),
    (f"{{as: {{}}, on: agent, {GET}, propose: {{tool: Bash}}, expect: permit}}", "propose:"),
    ("{as: {}, on: warehouse, send: {at: get /}, expect: permit}", "method and a target"),
    ("{as: {}, on: warehouse, send: {at: GET x}, expect: permit}", "method and a target"),
    ("{as: {}, on: warehouse, send: {at: GET /, headers: [a]}, expect: permit}", "mapping of names"),
    (f"{{as: {{}}, on: warehouse, {GET}, expect: permit, reason: permited}}", "did you mean 'permitted'"),
    (f"{{as: {{}}, on: warehouse, {GET}, expect: permit, time: '2030-01-31T09:00'}}", "with a zone"),
    (f"{{as: {{}}, on: warehouse, {GET}, expect: permit, time: noon}}", "with a zone"),
    (f"{{as: {{claims: [a]}}, on: warehouse, {GET}, expect: permit}}", "must be a mapping"),
    ("{as: {}, on: agent, propose: {input: {}}, expect: permit}", "needs 'tool'"),
]


@pytest.mark.parametrize(("case", "says"), BROKEN)
def test_broken_cases_are_refused(case: str, says: str) -> None:
    """A case that would test nothing is an error."""
    with pytest.raises(RulesInvalid) as caught:
        cases(f"- {case}")

    assert says in str(caught.value)


def test_a_case_names_a_rule_that_exists() -> None:
    """A misspelt rule would never be found."""
    text = f"- {{as: {{}}, on: warehouse, {GET}, expect: permit, rule: analyst-read}}"
    assert cases(text)
    with pytest.raises(RulesInvalid, match="analysts-read"):
        cases(text, rules=("analysts-read",))
