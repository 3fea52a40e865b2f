"""A review as a question: who is asked, how long it is held, what a grant would cover, who may release it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interlock.engine.question import call_question, hold_of, release
from interlock.engine.rules import Rules, load_rules
from interlock.errors import Refused
from interlock.masking import Masker
from interlock.model import Access, Approval, ApprovalKind, Operation, Origin, Person, Principal, Vote, person
from interlock.policy import Context, decide
from interlock.settings import Connection

RULES = """
version: 1
identities: [{name: corp, issuer: "https://idp.example.com", audience: a}]
connections: [{name: claude, protocol: anthropic, hosts: ["https://api.example.com"]}]
policy:
  - {id: tools, permit: ["tool.use:*"], on: agent, to: anyone}
  - id: one
    review: [shell.admin]
    on: agent
    to: anyone
    by: {groups: [ops]}
    hold: 40s
    expires: 10m
    grant: {max: 5m}
  - {id: two, review: ["shell.*"], on: agent, to: anyone, by: {groups: [ops], people: 2}, hold: 20s, expires: 20m}
"""
ERIKA = Principal("corp", "https://idp.example.com", "erika")
MOUNT = Operation("shell", "admin", access=Access.ADMIN, text="mount", agent=True)
CALL = Operation("tool", "use:Bash", "Bash", arguments={"command": "mount"}, nested=(MOUNT,), agent=True)
OPS = Person("corp", "https://idp.example.com", "o-1", groups=("ops",))


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    """Two rules that ask."""
    (tmp_path / "rules.yaml").write_text(RULES)
    return load_rules(tmp_path)


def test_all_rules_ask_and_the_shortest_times_count(rules: Rules) -> None:
    """With what a grant would cover: what is asked about, by name."""
    context = Context(ERIKA, "claude")
    decision = decide(rules.policy, context, [CALL])
    found = call_question(rules, rules.connections[0], person(ERIKA), context, (CALL,), decision, Masker((), b"k" * 32))
    assert [(ask.rule, ask.people, ask.grant) for ask in found.asks] == [("one", 1, 300.0), ("two", 2, 0.0)]
    assert (found.connection, found.operation, found.operations) == ("agent", "shell.admin", ("shell.admin",))
    assert (found.expires, found.hold, found.rules_digest) == (600.0, 20.0, rules.digest)
    assert not found.unseen


def test_two_calls_at_once_are_no_question(rules: Rules) -> None:
    """An approval is of one."""
    context = Context(ERIKA, "claude")
    decision = decide(rules.policy, context, [CALL, CALL])
    with pytest.raises(Refused) as error:
        call_question(
            rules, rules.connections[0], person(ERIKA), context, (CALL, CALL), decision, Masker((), b"k" * 32)
        )
    assert error.value.reason == "approval-unavailable"


@pytest.mark.parametrize(
    ("protocol", "patient", "wanted", "held"),
    [
        ("mcp", False, 300, 50),
        ("mcp", False, 20, 20),
        ("anthropic", False, 900, 350),
        ("http", False, 300, 50),
        ("http", True, 300, 300),
        ("http", True, 7200, 1790),
        ("mcp", False, 0, 0),
    ],
)
def test_no_longer_than_its_client_waits(protocol: str, patient: bool, wanted: float, held: float) -> None:
    """Ten seconds less than its limit."""
    connection = Connection("a", protocol, (Origin("https", "a.example", 443),), patient=patient)
    assert hold_of(connection, wanted) == held


@pytest.mark.parametrize(("people", "released"), [(("o-1", "o-2"), True), (("o-1",), False), ((), False)])
def test_the_gateways_own_rules_release(rules: Rules, people: tuple[str, ...], released: bool) -> None:
    """Whatever the store says of the approval."""
    decision = decide(rules.policy, Context(ERIKA, "claude"), [CALL])
    votes = tuple(Vote(replace(OPS, subject=name), True, 1.0) for name in people)
    approval = Approval(
        "a", ApprovalKind.OPERATION, "f", person(ERIKA), "agent", "x", rules.digest, 0.0, 9.0, votes=votes
    )
    if released:
        release(rules.policy, decision, approval, person(ERIKA), 1.0)
        return
    with pytest.raises(Refused) as error:
        release(rules.policy, decision, approval, person(ERIKA), 1.0)
    assert error.value.reason == "approval-outdated"
