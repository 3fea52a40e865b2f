"""`where:` of a rule: the operation's own arguments."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.errors import RulesInvalid
from interlock.model import JSON, Access, Decision, Effect, Operation
from interlock.policy import Policy

type Build = Callable[..., Policy]
type Ask = Callable[..., Decision]

TO = {"permit": "to: anyone", "review": "to: anyone, by: {groups: [dba]}", "forbid": "to: anyone"}
MODEL: dict[str, JSON] = {
    "model": "claude-sonnet-4-5", "max_tokens": 4096, "stream": True, "system": False, "betas": ["a-1", "b-2"],
}  # fmt: skip
CALL: dict[str, JSON] = {"project": "web", "limit": "all", "labels": ["x", "y"], "filter": {"owner": "erika"}}

ROWS = [
    ("model.message", "{model: 'claude-*'}", MODEL, True, True),
    ("model.message", "{model: ['gpt-*', claude-sonnet-4-5]}", MODEL, True, True),
    ("model.message", "{model: {not: ['claude-opus-*']}}", MODEL, True, True),
    ("model.message", "{model: {not: ['claude-*']}}", MODEL, False, False),
    ("model.message", "{max_tokens: {at_most: 8192}}", MODEL, True, True),
    ("model.message", "{max_tokens: {more_than: 8192}}", MODEL, False, False),
    ("model.message", "{max_tokens: {more_than: 8192}}", {"max_tokens": "many"}, False, True),
    ("model.message", "{max_tokens: {at_most: 8192}}", {"max_tokens": None}, False, False),
    ("model.message", "{max_tokens: 4096, stream: true}", MODEL, True, True),
    ("model.message", "{system: true}", MODEL, False, False),
    ("model.message", "{betas: [a-1]}", MODEL, False, True),
    ("model.message", "{betas: ['*-1', '*-2']}", MODEL, True, True),
    ("model.message", "{betas: {not: [b-2]}}", MODEL, False, True),
    ("model.message", "{betas: {not: [c-3]}}", {"betas": []}, True, False),
    ("model.message", "{betas: {exists: false}}", {"betas": []}, True, True),
    ("mcp.call:search", "{project: [web, api]}", CALL, True, True),
    ("model.message", "{model: 'claude-*'}", {"model": ["claude-a", "claude-b"]}, True, True),
    ("model.message", "{model: 'claude-*'}", {"model": ["claude-a", "gpt-y"]}, False, True),
    ("mcp.call:search", "{labels: [x]}", CALL, False, True),
    ("mcp.call:search", "{path: '/tmp/*'}", {"path": "/tmp/a.txt"}, True, True),
    ("mcp.call:search", "{path: '/tmp/*'}", {"path": "/tmp/../etc/passwd"}, False, True),
    ("mcp.call:search", "{path: '/tmp/*'}", {"path": ["/tmp/a", "/tmp/%2e%2e/etc/passwd"]}, False, True),
    ("mcp.call:search", "{path: {not: '/etc/*'}}", {"path": "/tmp/../etc/passwd"}, False, True),
    ("mcp.call:search", "{path: '/etc/*'}", {"path": "/tmp/../etc/passwd"}, False, True),
    ("mcp.call:search", "{path: '/etc/passwd'}", {"path": "/etc/./passwd"}, False, True),
    ("mcp.call:search", "{path: './run.sh'}", {"path": "./run.sh"}, True, True),
    ("mcp.call:search", "{absent: {not: [x]}}", CALL, False, False),
    ("mcp.call:search", "{'$.filter.owner': erika}", CALL, True, True),
    ("mcp.call:search", "{filter: erika}", CALL, False, True),
    ("mcp.call:search", "{limit: {at_most: 10}}", CALL, False, True),
]


@pytest.mark.parametrize(("operations", "where", "arguments", "permits", "speaks"), ROWS)
def test_arguments_are_compared(
    policy: Build, ask: Ask, operations: str, where: str, arguments: dict[str, JSON], permits: bool, speaks: bool
) -> None:
    """To permit, something must be there and every item fit; to ask or forbid, one that fits or cannot be compared."""
    on = "claude" if operations.startswith("model") else "tickets"
    operation = Operation(*operations.split(".", 1), access=Access.READ, arguments=arguments)
    for effect, holds in (("permit", permits), ("review", speaks), ("forbid", speaks)):
        text = f"- {{id: r, {effect}: ['{operations}'], on: [{on}], {TO[effect]}, where: {where}}}"
        found = ask(policy(text), operation, on=on)
        assert (found.rule == "r") is holds, (effect, found)
        assert found.effect is (Effect[effect.upper()] if holds else Effect.FORBID)


def test_names_of_sql_have_no_case(policy: Build, ask: Ask) -> None:
    """SQL names are folded when they are read, so a rule may write them as the schema does."""
    rules = policy("- {id: r, permit: [sql.write], on: [warehouse], to: anyone, where: {writes: ['Staging.*']}}")
    arguments: dict[str, JSON] = {"writes": ["staging.a", "staging.b"]}
    assert ask(rules, Operation("sql", "write", access=Access.WRITE, arguments=arguments)).permits


WRONG = [
    ("model.message", "{}", "where must be a mapping"),
    ("sql.read", "{flags: opaqe}", "no operation carries the flag 'opaqe'"),
    ("sql.read", "{flags: {not: [opaqe]}}", "did you mean 'opaque'?"),
    ("model.message", "{modle: x}", "argument 'modle' does not exist"),
    ("model.message", "{max_tokens: many}", "could never match: the argument is a number"),
    ("model.message", "{model: 7}", "could never match: the argument is a text"),
    ("model.message", "{model: {at_most: 7}}", "at_most could never match: the argument is a text"),
    ("model.message", "{max_tokens: {matches: x}}", "matches could never match: the argument is a number"),
    ("model.message", "{model: []}", "an empty list would match nothing"),
    ("model.message", "{model: {}}", "the comparison says nothing"),
    ("model.message", "{model: {exists: true, not: [x]}}", "exists stands alone"),
    ("model.message", "{model: {like: x}}", "a comparison has no member 'like'"),
    ("model.message", "{'$[': x}", "policy.yaml"),
]


@pytest.mark.parametrize(("operations", "where", "says"), WRONG)
def test_what_could_never_match_is_an_error(policy: Build, operations: str, where: str, says: str) -> None:
    """Arguments are checked by name and kind where the gateway makes them."""
    with pytest.raises(RulesInvalid) as error:
        policy(f"- {{id: r, permit: ['{operations}'], on: [claude], to: anyone, where: {where}}}")
    assert says in str(error.value)
