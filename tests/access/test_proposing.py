"""A proposal permits all that was used and nothing that was forbidden, whatever the policy and the traffic."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.access.values import ISSUER, WORLD, rules_in, who

from interlock.access.facts import Fact
from interlock.access.proposing import Proposal, propose
from interlock.engine.rules import Rules
from interlock.model import Access, Effect, Operation, Principal
from interlock.policy import Context, Policy, decide, read_policy
from interlock.policy.standing import ATTESTED
from interlock.reasons import Reason
from interlock.schema import Reader
from interlock.source import read_yaml_text

BASE = (
    WORLD
    + """\
  - {name: tickets, protocol: mcp, hosts: ["https://tickets.example.com"]}
  - {name: claude, protocol: anthropic, hosts: ["https://claude.example.com"]}
"""
)
GROUPS = ("analyst", "clerk", "intern")
PEOPLE = [who(f"{group}-{number}", group, "staff") for group in GROUPS[:2] for number in range(3)]
PEOPLE += [who("intern-0", "intern"), who("lead", "analyst", "clerk")]
TABLES = ["orders", "customers", "hr.salaries", "hr.people", "hr.leave", "sales.deals"]
PATHS = [
    "/v1/items/1",
    "/v1/items/2",
    "/v1/items/3",
    "/v1/items/4",
    "/v1/payslips/erika",
    "/admin",
    "/v2/items/1/parts",
]
ABOUT: list[dict[str, Any]] = [
    {"tables": ["orders", "hr.*"]},
    {"tables": {"not": ["hr.salaries"]}},
    {"columns": {"not": ["*.ssn"]}},
]
TOOLS = ["search_orders", "search_people", "search_tickets", "delete_ticket", "close", "list-all"]
HOURS = ["2026-03-02T09:00:00.000Z", "2026-03-02T13:30:00.000Z", "2026-03-02T22:15:00.000Z"]


def _sql(action: str, access: Access, tables: Sequence[str], columns: Sequence[str], flags: Sequence[str]) -> Operation:
    kinds = {"read": ["select"], "write": ["update"], "ddl": ["drop-table"]}[action]
    return Operation(
        "sql", action, access=access, text="x",
        arguments={"kinds": kinds, "tables": [*tables], "columns": [*columns], "flags": [*flags]},
    )  # fmt: skip


@st.composite
def _statements(draw: st.DrawFn) -> Operation:
    action, access = draw(st.sampled_from([("read", Access.READ), ("write", Access.WRITE), ("ddl", Access.DDL)]))
    tables = sorted(draw(st.sets(st.sampled_from(TABLES), max_size=2)))
    columns = [f"{table}.{draw(st.sampled_from(['id', 'name', 'ssn']))}" for table in tables]
    return _sql(action, access, tables, columns, draw(st.sampled_from([[], [], [], ["opaque"]])))


@st.composite
def _tries(draw: st.DrawFn) -> tuple[Principal, str, tuple[Operation, ...], str]:
    """Somebody tries something somewhere at some time."""
    place = draw(st.sampled_from(["warehouse", "payroll", "tickets", "agent"]))
    if place == "warehouse":
        inner = tuple(draw(st.lists(_statements(), min_size=1, max_size=2)))
        one = Operation("http", "post", "/v1/query", Access.WRITE, nested=inner, covered=True)
    elif place == "payroll":
        method = draw(st.sampled_from(["get", "post"]))
        one = Operation("http", method, draw(st.sampled_from(PATHS)), Access.READ)
    elif place == "tickets":
        one = Operation("mcp", f"call:{draw(st.sampled_from(TOOLS))}", access=Access.UNKNOWN)
    else:
        command = draw(st.sampled_from(["git", "ls", "rm", "curl"]))
        action = {"git": "read", "ls": "read", "rm": "destroy", "curl": "network"}[command]
        shell = Operation("shell", action, command, Access.WRITE, {"command": command, "flags": []}, text=command)
        one = Operation("tool", "use:Bash", "Bash", Access.UNKNOWN, nested=(shell,), agent=True)
    return draw(st.sampled_from(PEOPLE)), place, (one,), draw(st.sampled_from(HOURS))


@st.composite
def _policies(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rules as an operator might write them."""
    found: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 7))):
        word = draw(st.sampled_from(["permit", "permit", "permit", "review", "forbid"]))
        place = draw(st.sampled_from(["warehouse", "payroll", "tickets", "agent"]))
        patterns = {
            "warehouse": ["sql.read", "sql.write", "sql.*", "sql.ddl"],
            "payroll": ["http.get /v1/**", "http.get /v1/items/*", "http.* /**", "http.post /admin", "http.get"],
            "tickets": ["mcp.call:search_*", "mcp.call", "mcp.call:close", "mcp.*"],
            "agent": ["tool.use:*", "tool.use:Bash", "shell.read", "shell.read git", "shell.*", "shell.network"],
        }[place]
        rule: dict[str, Any] = {
            "id": f"r{number}",
            word: draw(st.lists(st.sampled_from(patterns), min_size=1, max_size=2, unique=True)),
        }
        rule["on"] = "agent" if place == "agent" else [place]
        to = draw(st.sampled_from(["group", "group", "groups", "subject", "anyone"]))
        rule["to"] = {
            "group": {"groups": [draw(st.sampled_from(GROUPS))]}, "groups": {"groups": ["analyst", "clerk"]},
            "subject": {"subjects": [draw(st.sampled_from(PEOPLE)).subject]}, "anyone": "anyone",
        }[to]  # fmt: skip
        if place == "warehouse" and draw(st.booleans()):
            rule |= draw(st.sampled_from(ABOUT))
        if draw(st.integers(0, 4)) == 0:
            rule["when"] = {"between": "08:00-18:00", "zone": "UTC"}
        if word == "review":
            rule["by"] = {"groups": ["dba"]}
        found.append(rule)
    return found


TRAFFIC = st.lists(st.tuples(_tries(), st.booleans()), min_size=12, max_size=40)


def _policy(rules: Rules, written: list[dict[str, Any]]) -> Policy:
    reader = Reader()
    found = read_policy(
        read_yaml_text(json.dumps(written), "p"), reader, connections=rules.connections, identities={"corp": ISSUER}
    )
    reader.finish()
    return found


def _fact(policy: Policy, tried: tuple[Principal, str, tuple[Operation, ...], str], observe: bool, yes: bool) -> Fact:
    principal, place, operations, at = tried
    connection = "claude" if place == "agent" else place
    fact = Fact(
        principal, connection, "POST", "/v1/query", place == "agent", operations, True, Effect.FORBID, False, observe,
        "", "",
    )  # fmt: skip
    fact.note(at, "S/1")
    said = decide(policy, replace(fact.context, observe=observe), operations)
    fact.said, fact.rule, fact.reason = said.effect, said.rule, said.reason
    fact.used = said.effect is Effect.PERMIT
    if said.effect is Effect.REVIEW and yes:
        fact.used, fact.reason = True, str(Reason.APPROVED)
    return fact


def _word(found: Proposal, fact: Fact) -> Effect:
    return decide(found.policy, fact.context, fact.operations).effect


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    return rules_in(tmp_path_factory.mktemp("rules"), BASE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    _policies(), st.lists(st.tuples(_tries(), st.booleans()), min_size=1, max_size=40), st.booleans(), st.integers(2, 4)
)
def test_nothing_forbidden_and_all_that_was_used(
    world: Rules, written: list[dict[str, Any]], tries: list[Any], observe: bool, siblings: int
) -> None:
    """Random rules, random traffic, observed or enforced: never more, and never less."""
    rules = replace(world, policy=_policy(world, written))
    facts = [_fact(rules.policy, tried, observe, yes) for tried, yes in tries]
    found = propose(rules, {rule["id"]: rule for rule in written}, facts, siblings=siblings)

    assert not found.left
    for fact in facts:
        word = _word(found, fact)
        if fact.used:
            assert word is fact.said
        elif fact.said is Effect.FORBID:
            assert word is Effect.FORBID
        else:
            assert word is not Effect.PERMIT


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    _policies(),
    _policies(),
    st.lists(st.tuples(_tries(), st.booleans()), min_size=1, max_size=40),
    st.lists(_tries(), max_size=20),
)
def test_rules_that_changed_meanwhile(
    world: Rules, before: list[dict[str, Any]], after: list[dict[str, Any]], tries: list[Any], others: list[Any]
) -> None:
    """What was forbidden by any rules of the time is not proposed; what was used and is not proposed is named.

    And of what nobody tried, nothing passes that the rules of today do not let pass.
    """
    then, rules = _policy(world, before), replace(world, policy=_policy(world, after))
    half = len(tries) // 2
    facts = [_fact(then, tried, False, yes) for tried, yes in tries[:half]]
    facts += [_fact(rules.policy, tried, False, yes) for tried, yes in tries[half:]]
    found = propose(rules, {rule["id"]: rule for rule in after}, facts)
    left = {id(one.need.fact) for one in found.left}

    for fact in facts:
        if not fact.used:
            assert _word(found, fact) is not Effect.PERMIT
        elif id(fact) not in left:
            assert _word(found, fact) is not Effect.FORBID
    for principal, place, operations, _ in others:
        connection = "claude" if place == "agent" else place
        for now in (32_400.0, 80_000.0):
            context = Context(principal, connection, "POST", "/v1/query", now=now, readable=False, reviews=ATTESTED)
            assert decide(found.policy, context, operations).effect <= decide(rules.policy, context, operations).effect


def _shell(action: str, command: str, **arguments: Any) -> Operation:
    said = {"command": command, "words": [], "flags": [], **arguments}
    return Operation("shell", action, command, Access.READ, said, agent=True)


def _sent(host: str, path: str = "/x") -> Operation:
    said: dict[str, Any] = {"method": "GET", "host": host, "path": path, "flags": []}
    return Operation("http", "get", path, Access.READ, said, agent=True)


def _fn(table: str, function: str, *flags: str) -> Operation:
    said = {"kinds": ["select"], "tables": [table] if table else [], "columns": [], "flags": [*flags]}
    return Operation(
        "sql", "admin", access=Access.ADMIN, arguments={**said, "functions": [function] if function else []}
    )


SEEN = [
    ("agent", [_shell("read", "")], [_shell("read", "cat"), _shell("read", "", flags=["dynamic"])]),
    ("agent", [_shell("read", ""), _shell("read", "ls")], [_shell("read", "cat")]),
    ("agent", [_sent("a.example.com")], [_sent("b.example.com"), _sent("")]),
    ("agent", [_sent(f"h{number}.example.com") for number in range(80)], [_sent("b.example.com"), _sent("")]),
    ("warehouse", [_fn("orders", "f", "unknown-function")], [_fn("hr.salaries", "f", "unknown-function"),
     _fn("orders", "g", "unknown-function"), _fn("", "f", "unknown-function")]),
    ("warehouse", [_fn("", "f", "unknown-function")], [_fn("orders", "f", "unknown-function")]),
    ("warehouse", [_fn("orders", "", "opaque")], [_fn("orders", "f", "opaque"), _fn("orders", "", "opaque", "files")]),
    ("warehouse", [_fn("orders", "f", "files"), _fn("hr.leave", "", "files")], [_fn("hr.leave", "f", "files")]),
]  # fmt: skip
UNSAYABLE = [
    ("agent", _shell("unknown", "", flags=["not-understood"])), ("agent", _shell("read", "", flags=["dynamic"])),
    ("agent", Operation("shell", "unknown", "", Access.UNKNOWN, {"flags": ["unparsable"]}, agent=True)),
    ("agent", _sent("")), ("agent", _sent("a*.example.com")),
    ("claude", Operation("model", "message", "", Access.READ, {})),
]  # fmt: skip


@pytest.mark.parametrize(("place", "used", "others"), SEEN)
def test_a_rule_is_about_what_was_seen_and_no_more(
    world: Rules, place: str, used: list[Operation], others: list[Operation]
) -> None:
    """A pattern that leaves something out matches all of it: without a command, a host, tables or functions a proposal
    would permit any of them.
    """
    person = PEOPLE[0]
    facts = [_fact(Policy(), (person, place, (one,), HOURS[0]), True, True) for one in used]
    found = propose(replace(world, policy=Policy()), {}, facts)
    assert not found.left
    assert [_word(found, fact) for fact in facts] == [Effect.PERMIT] * len(facts)
    for other in others:
        assert _word(found, _fact(Policy(), (person, place, (other,), HOURS[0]), True, True)) is Effect.FORBID, other


@pytest.mark.parametrize(("place", "used"), UNSAYABLE)
def test_what_no_rule_can_name_narrowly_is_left(world: Rules, place: str, used: Operation) -> None:
    """Text that nobody could read, a host that only the run decides: it is listed, and nothing is proposed for it."""
    found = propose(
        replace(world, policy=Policy()), {}, [_fact(Policy(), (PEOPLE[0], place, (used,), HOURS[0]), True, True)]
    )
    assert not found.rules
    assert [one.why.endswith("cannot be told") for one in found.left] == [True]
