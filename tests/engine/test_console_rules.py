"""Where reviewers sign in, and what their claims let them do there."""

from __future__ import annotations

import pytest
from tests.engine.conftest import BASE, Load

from interlock.engine.console_rules import Role
from interlock.errors import RulesInvalid
from interlock.model import Principal

ISSUED = BASE.replace("    demo: true\n    key: demo.pem\n", "")
"""A demo issuer signs nobody in."""
PEOPLE = """
console:
  listen: 127.0.0.1:9000
  url: https://interlock.example.com/
  sign_in: {from: corp, client_id: console, client_secret: "env:CONSOLE_SECRET", scopes: [profile]}
  roles: {approver: {from: corp, groups: [dba]}, auditor: {from: corp, groups: [audit]}}
  session: 1h
  fresh: 2m
"""


def test_a_console_is_read(load: Load) -> None:
    """Origin without its slash, `openid` always among the scopes."""
    console = load(PEOPLE, base=ISSUED).console

    assert (str(console.listen), console.url) == ("127.0.0.1:9000", "https://interlock.example.com")
    assert (console.identity, console.client_id, console.client_secret) == ("corp", "console", "env:CONSOLE_SECRET")
    assert console.scopes == ("openid", "profile")
    assert (console.session, console.fresh) == (3600, 120)


def test_without_a_section_nobody_signs_in(load: Load) -> None:
    """And nobody has a role."""
    console = load().console

    assert (console.identity, str(console.listen), console.url) == ("", "127.0.0.1:8090", "http://127.0.0.1:8090")
    assert console.roles_of(Principal("corp", "https://idp.example.com", "erika"), 0) == frozenset()


@pytest.mark.parametrize(
    ("identity", "groups", "roles"),
    [
        ("corp", {"dba"}, {Role.APPROVER}),
        ("corp", {"dba", "audit"}, {Role.APPROVER, Role.AUDITOR}),
        ("corp", set(), set()),
        ("other", {"dba"}, set()),
    ],
)
def test_roles_come_from_claims(load: Load, identity: str, groups: set[str], roles: set[Role]) -> None:
    """Of the identity that the role names; what is not written is nobody's."""
    console = load(PEOPLE, base=ISSUED).console
    person = Principal(identity, "https://idp.example.com", "erika", groups=frozenset(groups))

    assert console.roles_of(person, 0) == roles


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("console: {url: http://interlock.example.com}", "must be https"),
        ("console: {url: https://interlock.example.com/console}", "is not an origin"),
        ("console: {url: https://user@interlock.example.com}", "is not an origin"),
        ("console: {sign_in: {from: nobody, client_id: x}}", "'nobody'"),
        ("console: {sign_in: {from: corp, client_id: interlock}}", "is an audience of agents' tokens"),
        ("console: {sign_in: {from: corp, client_id: y}, sign_in: {}}", "stands twice"),
        ("console: {sign_in: {from: corp}}", "needs 'client_id'"),
        ("console: {sign_in: {from: corp, client_id: x, client_secret: hunter2}}", "where the key is kept"),
        ("console: {roles: {approver: anyone}}", "cannot be anyone"),
        ("console: {roles: {owner: {from: corp, groups: [x]}}}", "'owner'"),
        ("console: {roles: {approver: {}}}", "names nobody"),
        ("console: {fresh: 1h}", "at most 5m"),
        ("console: {listen: here}", "not an address and a port"),
    ],
)
def test_what_is_wrong_is_said(load: Load, section: str, says: str) -> None:
    """With what to write instead; a secret that was written by mistake is not repeated."""
    with pytest.raises(RulesInvalid) as caught:
        load(section + "\n", base=ISSUED)

    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_console_stands_once(load: Load) -> None:
    """Two would be two answers to where people decide."""
    with pytest.raises(RulesInvalid, match="console stands twice"):
        load("console: {fresh: 1m}\n", base=BASE + "console: {fresh: 2m}\n")
