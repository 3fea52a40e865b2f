"""What the policy's tests share: rules from text, and a question to ask them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from interlock.model import JSON, Decision, Operation, Principal
from interlock.policy import Blocklist, Context, Policy, decide, read_policy
from interlock.schema import Reader
from interlock.settings import Connection, read_connections
from interlock.source import read_yaml_text

CONNECTIONS = """
- {name: claude, protocol: anthropic, hosts: ['https://api.anthropic.com']}
- name: warehouse
  protocol: http
  hosts: ['https://warehouse.example']
  commands: [{at: POST /v1/query, path: $.query, language: sql, dialect: postgres}]
- {name: payroll, protocol: http, hosts: ['https://payroll.example']}
- {name: tickets, protocol: mcp, hosts: ['https://tickets.example']}
"""

ANALYST = Principal("corp", "https://idp.example.com", "erika", groups=frozenset({"analyst", "staff"}))


def connections() -> tuple[Connection, ...]:
    reader = Reader()
    found = read_connections(read_yaml_text(CONNECTIONS, "connections.yaml"), reader)
    reader.finish()
    return found


def policy_of(text: str, *, identities: tuple[str, ...] = ("corp",), blocklist: Blocklist | None = None) -> Policy:
    """Rules as an operator writes them, compiled. Raises RulesInvalid."""
    reader = Reader()
    found = read_policy(
        read_yaml_text(text, "policy.yaml"),
        reader,
        connections=connections(),
        identities=identities,
        masks=("pii", "cards"),
        blocklist=blocklist,
    )
    reader.finish()
    return found


def ask_policy(
    policy: Policy,
    *operations: Operation,
    on: str = "warehouse",
    who: Principal = ANALYST,
    document: JSON = None,
    now: float = 0.0,
    observe: bool = False,
    method: str = "POST",
    path: str = "/v1/query",
    readable: bool = True,
    text: str = "",
) -> Decision:
    """What the policy says to one principal about some operations."""
    context = Context(who, on, method, path, document, now, observe, readable, text)
    return decide(policy, context, operations)


@pytest.fixture
def policy() -> Callable[..., Policy]:
    """Builds a policy from YAML text."""
    return policy_of


@pytest.fixture
def ask() -> Callable[..., Decision]:
    """Asks a policy about operations."""
    return ask_policy
