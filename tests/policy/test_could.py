"""What a list may show: what some rule might permit, and none forbids outright."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.model import Access, Operation, Principal
from interlock.policy import Context, Policy
from interlock.policy.could import could

type Build = Callable[..., Policy]

SEARCH = Operation("mcp", "call:search", "search", Access.WRITE)
PERMIT = "- {id: a, permit: ['mcp.call:search'], on: [tickets], to: anyone}\n"
OTHERS = "- {id: a, permit: ['mcp.call:search'], on: [tickets], to: {groups: [dba]}}\n"
IF = "- {id: a, permit: ['mcp.call:search'], on: [tickets], to: anyone, when: {body: {path: $.x, equals: 1}}}\n"
NIGHT = "- {id: a, permit: ['mcp.call:search'], on: [tickets], to: anyone, when: {method: [GET]}}\n"
ASK = "- {id: a, review: ['mcp.call:*'], on: [tickets], to: anyone, by: {groups: [dba]}}\n"
NEVER = "- {id: n, forbid: ['mcp.call:search']}\n"
NEVER_IF = "- {id: n, forbid: ['mcp.call:search'], when: {body: {path: $.x, equals: 1}}}\n"
REPORT = "- {id: n, forbid: ['mcp.call:search'], mode: report}\n"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("[]", False),
        (PERMIT, True),
        (ASK, True),
        (IF, True),
        (OTHERS, False),
        (NIGHT, False),
        (PERMIT + NEVER, False),
        (PERMIT + NEVER_IF, True),
        (PERMIT + REPORT, True),
        (NEVER, False),
    ],
)
def test_what_might_pass_is_shown(policy: Build, rules: str, expected: bool) -> None:
    """A condition on a body that is not there yet may hold; one on who asks does not change."""
    context = Context(
        Principal("corp", "https://idp.example.com", "erika"), "tickets", "POST", "/mcp", {"jsonrpc": "2.0"}
    )

    assert could(policy(rules), context, SEARCH) is expected


def test_while_observing_everything_could_be(policy: Build) -> None:
    """What no rule forbids passes then."""
    context = Context(Principal("corp", "https://idp.example.com", "erika"), "tickets", observe=True)

    assert could(policy("[]"), context, SEARCH)
    assert not could(policy(NEVER), context, SEARCH)
