"""Rules are read strictly: what is ambiguous or could never match is an error that says what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import RulesInvalid
from interlock.model import Effect
from interlock.policy import Policy, build_blocklist
from interlock.policy.blocklist import BlockRule

type Build = Callable[..., Policy]

EXAMPLE = """
- id: analysts-read
  permit: [sql.read]
  on: [warehouse]
  to: {from: corp, groups: [analyst]}
  mask: [pii]
- id: writers-ask
  review: [sql.write]
  on: [warehouse]
  to: {from: corp, groups: [data-writer]}
  by: {from: corp, groups: [dba], people: 2}
  hold: 50s
  expires: 15m
  grant: {max: 30m}
- id: nobody-destroys
  forbid: [sql.ddl, sql.admin]
  on: "*"
- id: coding-tools
  permit: [tool.use:*, shell.read, shell.write, shell.network]
  on: agent
  to: {from: corp, groups: [engineer]}
- id: office-hours
  permit: ["http.get /payslips/*"]
  on: [payroll]
  to: {from: corp, subjects: ["svc:payroll-bot"]}
  when: {between: "08:00-18:00", days: [mon-fri], zone: Europe/Berlin}
"""


def test_the_documented_example_is_read(policy: Build) -> None:
    """The rules that the documentation shows mean what it says."""
    rules = {rule.id: rule for rule in policy(EXAMPLE).rules}

    assert rules["analysts-read"].masks == {"pii"}
    asks = rules["writers-ask"]
    assert (asks.effect, asks.hold, asks.expires, asks.grant) == (Effect.REVIEW, 50.0, 900.0, 1800.0)
    assert asks.by is not None
    assert asks.by.people == 2
    never = rules["nobody-destroys"]
    assert (never.everywhere, never.agent, never.test) == (True, True, None)
    assert (rules["coding-tools"].agent, rules["coding-tools"].on) == (True, frozenset())
    assert rules["office-hours"].test is not None


def test_everywhere_does_not_permit_the_agent(policy: Build) -> None:
    """`on: "*"` is every connection; what an agent runs itself is permitted only where `agent` is written."""
    (rule,) = policy('- {id: a, permit: [sql.read], on: "*", to: anyone}').rules
    assert (rule.everywhere, rule.agent) == (True, False)
    (rule,) = policy('- {id: a, permit: [sql.read], on: ["*", agent], to: anyone}').rules
    assert (rule.everywhere, rule.agent) == (True, True)


PERMIT = "permit: [sql.read], on: [warehouse], to: anyone"
ASK = "review: [sql.read], on: [warehouse], to: anyone"
BROKEN = [
    ("no effect", "{id: a, on: [warehouse], to: anyone}", "one of permit"),
    ("two effects", "{id: a, permit: [sql.read], forbid: [sql.ddl], on: [warehouse], to: anyone}", "split it"),
    ("no to", "{id: a, permit: [sql.read], on: [warehouse]}", "to: anyone"),
    ("no to on review", "{id: a, review: [sql.read], on: [warehouse], by: {groups: [x]}}", "to: anyone"),
    ("no on", "{id: a, permit: [sql.read], to: anyone}", "on: agent"),
    ("to nobody", "{id: a, permit: [sql.read], on: [warehouse], to: {}}", "names nobody"),
    ("to everyone", "{id: a, permit: [sql.read], on: [warehouse], to: everyone}", "to: anyone"),
    ("to no group", "{id: a, permit: [sql.read], on: [warehouse], to: {groups: []}}", "match nothing"),
    ("misspelt to", "{id: a, permit: [sql.read], on: [warehouse], to: {group: [x]}}", "did you mean 'groups'"),
    ("unknown identity", "{id: a, permit: [sql.read], on: [warehouse], to: {from: crop}}", "did you mean 'corp'"),
    ("unknown connection", "{id: a, permit: [sql.read], on: [warehuose], to: anyone}", "did you mean 'warehouse'"),
    ("unknown mask", f"{{id: a, {PERMIT}, mask: [pi]}}", "did you mean 'pii'"),
    ("report on permit", f"{{id: a, {PERMIT}, mode: report}}", "never permits"),
    ("report on review", f"{{id: a, {ASK}, by: {{groups: [x]}}, mode: report}}", "never permits"),
    ("misspelt mode", "{id: a, forbid: [sql.read], mode: reprot}", "did you mean 'report'"),
    ("mask on forbid", "{id: a, forbid: [sql.read], mask: [pii]}", "nothing to mask"),
    ("hold on permit", f"{{id: a, {PERMIT}, hold: 5s}}", "rules that review"),
    ("by on forbid", "{id: a, forbid: [sql.read], by: {groups: [x]}}", "rules that review"),
    ("glass by one", "{id: a, break-glass: [sql.read], on: [warehouse], to: anyone, by: {groups: [x]}}", "people: 2"),
    ("glass by nobody", "{id: a, break-glass: [sql.read], on: [warehouse], to: anyone}", "who approves"),
    (
        "glass waits",
        "{id: a, break-glass: [sql.read], on: [warehouse], to: anyone, by: {groups: [x], people: 2}, hold: 5s}",
        "leave hold out",
    ),
    ("review by claims", f"{{id: a, {ASK}, by: {{claims: {{team: db}}}}}}", "map the claim to a group"),
    ("review by nobody", f"{{id: a, {ASK}}}", "who approves"),
    ("by only a number", f"{{id: a, {ASK}, by: {{people: 2}}}}", "names nobody"),
    ("by no people", f"{{id: a, {ASK}, by: {{groups: [x], people: 0}}}}", "from 1"),
    ("remedy on permit", f"{{id: a, {PERMIT}, remedy: x}}", "for what is stopped"),
    ("no operations", "{id: a, forbid: []}", "match nothing"),
    ("unknown operation", "{id: a, forbid: [sqll.read]}", "never match"),
    ("sql without commands", "{id: a, permit: [sql.read], on: [payroll], to: anyone}", "has no commands: in sql"),
    ("shell without commands", "{id: a, permit: [shell.read], on: [warehouse], to: anyone}", "in shell"),
    ("sql at a model", "{id: a, permit: [sql.read], on: [claude], to: anyone}", "has no commands"),
    ("tools on a connection", "{id: a, permit: ['tool.use:*'], on: [claude], to: anyone}", "on: agent"),
    ("mcp elsewhere", "{id: a, permit: ['mcp.call:*'], on: [warehouse], to: anyone}", "speaks http"),
    ("model elsewhere", "{id: a, permit: [model.message], on: [tickets], to: anyone}", "no model API"),
    ("model on agent", "{id: a, permit: [model.message], on: agent, to: anyone}", "never happen on agent"),
    ("every and one", "{id: a, forbid: [sql.read], on: ['*', warehouse]}", "alone"),
    ("empty when", f"{{id: a, {PERMIT}, when: {{}}}}", "says nothing"),
    ("misspelt when", f"{{id: a, {PERMIT}, when: {{betwen: x}}}}", "did you mean 'between'"),
    ("id", f"{{id: A_B, {PERMIT}}}", "kebab-case"),
    ("no id", f"{{{PERMIT}}}", "needs 'id'"),
    ("no mapping", "just text", "must be a mapping"),
    ("grant without end", f"{{id: a, {ASK}, by: {{groups: [x]}}, grant: {{}}}}", "needs 'max'"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "says"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_broken_rules_are_refused(rule: str, says: str, policy: Build) -> None:
    """Each mistake is an error at its place, with what to write instead."""
    with pytest.raises(RulesInvalid) as caught:
        policy(f"- {rule}")

    assert says in str(caught.value)
    assert all(error.place.file == "policy.yaml" for error in caught.value.errors)


def test_ids_are_unique_across_policy_and_blocklist(policy: Build) -> None:
    """An id names one rule in every event."""
    rule = "- {id: a, forbid: [sql.read]}\n"
    with pytest.raises(RulesInvalid, match="taken"):
        policy(rule + rule)
    with pytest.raises(RulesInvalid, match="taken"):
        policy(rule, blocklist=build_blocklist([BlockRule("a")]))


def test_several_identities_must_be_told_apart(policy: Build) -> None:
    """Once two issuers are trusted, a group's name alone no longer says whose group it is."""
    rule = "- {id: a, permit: [sql.read], on: [warehouse], to: {groups: [analyst]}}"
    assert policy(rule).rules
    with pytest.raises(RulesInvalid, match="several"):
        policy(rule, identities=("corp", "partner"))
    by = "- {id: a, review: [sql.read], on: [warehouse], to: anyone, by: {groups: [dba]}}"
    with pytest.raises(RulesInvalid, match="by must say"):
        policy(by, identities=("corp", "partner"))


def test_one_place_is_enough_to_match(policy: Build) -> None:
    """A pattern that can match on one of its connections is no error."""
    assert policy("- {id: a, permit: [sql.read], on: [warehouse, payroll], to: anyone}").rules
    assert policy("- {id: a, permit: [sql.read, shell.read, 'mcp.call:*'], on: [tickets], to: anyone}").rules
