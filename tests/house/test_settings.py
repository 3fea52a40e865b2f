"""A setting that nothing reads would be a promise: every one has an effect beyond the module that reads the YAML."""

from __future__ import annotations

import ast
from dataclasses import fields

import pytest
from tests.house.project import ROOT, modules, nothing, tree

from interlock.engine.rules import load_rules
from interlock.identity.identity import Identity
from interlock.masking import MaskRule
from interlock.settings import CommandPlace, Connection, CredentialSpec, Gateway, Limits

_READERS = ("settings", "schema", "rules_schema")

_ELSEWHERE = {
    # Read where it is written: without it the reader refuses http:// origins.
    "Connection.insecure_http",
    # Told with the rule in errors and by `interlock check`.
    "CommandPlace.also_texts",
    "CommandPlace.path_text",
}


def _read() -> frozenset[str]:
    """Every attribute that some module reads, those that only read YAML aside."""
    return frozenset(
        node.attr
        for path in modules()
        if not path.stem.startswith(_READERS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    )


@pytest.mark.parametrize("kind", [Gateway, Limits, Connection, CommandPlace, CredentialSpec, Identity, MaskRule])
def test_every_setting_has_an_effect(kind: type) -> None:
    """What an operator may write changes something."""
    read = _read() | {"body"}
    nothing(
        f"{kind.__name__}.{entry.name} is read from the rules and then by nobody"
        for entry in fields(kind)
        if entry.name not in read and f"{kind.__name__}.{entry.name}" not in _ELSEWHERE
    )


def test_every_limit_is_used_as_a_limit() -> None:
    """A bound is read as `limits.NAME`, or through the property that names it."""
    through = {"body": "max_body", "token": "max_token"}
    named = {
        node.attr
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute | ast.Name)
        and (node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id) in ("limits", "gateway")
    }
    nothing(
        f"limits: {entry.name} bounds nothing"
        for entry in fields(Limits)
        if entry.name not in named and through.get(entry.name) not in named
    )


def test_shipped_rules_promise_what_the_limits_allow() -> None:
    """No connection of the rules that ship names a size that the gateway's own limit cuts off."""
    rules = load_rules(ROOT / "rules")
    limits = rules.gateway.limits
    nothing(
        f"connection {entry.name}: max_body {entry.max_body} is above limits: body {limits.body}"
        for entry in rules.connections
        if entry.max_body > limits.body
    )
