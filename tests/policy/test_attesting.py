"""`attest:` is read strictly, and a rule's meaning changes with what it means, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.policy.conftest import connections

from interlock.errors import RulesInvalid
from interlock.model import Effect
from interlock.policy import Policy
from interlock.policy.attesting import meaning_of
from interlock.settings import Connection
from interlock.source import read_yaml_text

type Build = Callable[..., Policy]

KNOWN: dict[str, Connection] = {one.name: one for one in connections()}
ISSUERS = {"corp": "https://idp.example.com"}
RULE = "{id: r, permit: [sql.read, http.get], on: [warehouse], to: {groups: [a, b]}, tables: [x], mask: [pii]}"


def _meaning(text: str, known: dict[str, Connection] = KNOWN, issuers: dict[str, str] = ISSUERS) -> str:
    return meaning_of(read_yaml_text(text, "r.yaml"), known, issuers)


def _attest(text: str, to: str = "{groups: [analyst]}", word: str = "permit: [sql.read]") -> str:
    return f"- {{id: r, {word}, on: [warehouse], to: {to}, attest: {text}}}"


def test_defaults_forbid(policy: Build) -> None:
    """Ninety days, and nothing passes after them."""
    rule = policy(_attest("{by: {groups: [dba]}}")).named["r"]

    assert rule.attest is not None
    assert (rule.attest.every, rule.attest.overdue, rule.attest.by.says) == (90 * 86400.0, Effect.FORBID, "groups dba")
    assert rule.by is None
    assert len(rule.meaning) == 64


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (_attest("{}"), "needs 'by'"),
        (_attest("{by: {groups: [dba]}, every: 5s}"), "a minute at least"),
        (_attest("{by: {groups: [dba]}, every: often}"), "must be a duration"),
        (_attest("{by: {groups: [dba]}, overdue: permit}"), "cannot be 'permit'"),
        (_attest("{by: {groups: [dba], people: 2}}"), "one person attests"),
        (_attest("{by: {}}"), "names nobody"),
        (_attest("{by: {groups: [dba]}, who: x}"), "no member 'who'"),
        (_attest("{by: {groups: [dba]}}", to="anyone"), "nobody can attest"),
        (_attest("{by: {groups: [dba]}}", word="forbid: [sql.read]"), "nothing that could be attested"),
        (
            _attest("{by: {groups: [dba]}}", word="break-glass: [sql.read], by: {groups: [x], people: 2}"),
            "nothing that",
        ),
    ],
)
def test_what_is_wrong_is_said(policy: Build, text: str, says: str) -> None:
    """With place and hint, as everything in the rules."""
    with pytest.raises(RulesInvalid, match=says):
        policy(text)


@pytest.mark.parametrize(
    "other",
    [
        RULE.replace("sql.read, http.get", "http.get, sql.read"),
        RULE.replace("[warehouse]", "warehouse"),
        RULE.replace("[a, b]", "[b, a]"),
        RULE.replace("{id: r", "{id: other, attest: {every: 1d}"),
    ],
)
def test_what_means_the_same(other: str) -> None:
    """Orders, a list of one, its name and how often it is attested are no part of what a rule means."""
    assert _meaning(other) == _meaning(RULE)


@pytest.mark.parametrize(
    "other",
    [
        RULE.replace("sql.read", "sql.*"),
        RULE.replace("permit", "review"),
        RULE.replace("[warehouse]", "[warehouse, payroll]"),
        RULE.replace("[a, b]", "[a, b, c]"),
        RULE.replace("tables: [x]", "tables: [x, y]"),
        RULE.replace(", tables: [x]", ""),
        RULE.replace(", mask: [pii]", ""),
        RULE.replace("to: {", "when: {days: [mon-fri]}, to: {"),
    ],
)
def test_what_means_something_else(other: str) -> None:
    """Whatever widens, narrows or moves a permission."""
    assert _meaning(other) != _meaning(RULE)


def test_a_connection_that_points_elsewhere_is_another() -> None:
    """So is an identity of another issuer; connections that the rule does not name count for nothing."""
    warehouse, payroll = KNOWN["warehouse"], KNOWN["payroll"]
    moved = {**KNOWN, "warehouse": payroll}

    assert _meaning(RULE, moved) != _meaning(RULE)
    assert _meaning(RULE, {"warehouse": warehouse}) == _meaning(RULE)
    assert _meaning(RULE, KNOWN, {"corp": "https://other.example.com"}) != _meaning(RULE)
    everywhere = RULE.replace("[warehouse]", '"*"')
    assert _meaning(everywhere, {"warehouse": warehouse}) != _meaning(everywhere)
