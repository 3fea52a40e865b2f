"""Who may decide: nobody for themself, whatever name they come by."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest
from tests.approval.values import AGENT, ERIKA, MAX

from interlock.approval.people import are_one, is_concerned, is_same, named, person
from interlock.model import Person, Principal

_IDP = "https://idp.example.com"
_OTHER = "https://agents.example.com"


@pytest.mark.parametrize(
    ("voter", "requester", "concerned"),
    [
        (MAX, AGENT, False),
        (AGENT, AGENT, True),
        (ERIKA, AGENT, True),  # it acts for her
        (Person("corp", _IDP, "bot-2", acting_for="erika@example.com"), AGENT, True),  # acts for the same person
        (Person("corp", _IDP, "bot-2", acting_for="agent-7"), AGENT, True),  # acts for the requester
        (Person("corp", _IDP, "ERIKA@Example.com "), AGENT, True),  # in other letters
        (Person("corp", _IDP, "ｅrika@example.com"), AGENT, True),  # in wide letters
        (Person("sso", _OTHER, "agent-7"), AGENT, True),  # the same name at another issuer
        (Person("corp", _IDP, "0031", claims={"email": "erika@example.com"}), AGENT, True),
        (Person("corp", _IDP, "0031", claims={"preferred_username": "agent-7"}), AGENT, True),
        (Person("corp", _IDP, "0031", claims={"act": {"sub": "agent-7"}}), AGENT, True),
        (Person("corp", _IDP, "max", claims={"sub": "0031"}), Person("bots", _IDP, "a", acting_for="0031"), True),
        (Person("corp", _IDP, "max", claims={"sub": "0031"}), Person("bots", _IDP, "a", claims={"sub": "0031"}), True),
        (Person("corp", _IDP, "max", claims={"oid": "0031"}), Person("bots", _IDP, "a", acting_for="0031"), True),
        (MAX, Person("corp", _IDP, "a", claims={"upn": "MAX@example.com"}), True),
        (MAX, Person("corp", _IDP, "a", claims={"act": {"email": "max@example.com"}}), True),
        (Person("corp", _IDP, "0031", claims={"email": ""}), Person("corp", _IDP, "a", claims={"email": ""}), False),
        (Person("corp", _IDP, "0031", claims={"email": 7}), Person("corp", _IDP, "a", claims={"email": 7}), False),
        (Person("corp", _IDP, "0031", claims={"act": "agent-7"}), Person("corp", _IDP, "a"), False),
    ],
)
def test_whom_it_concerns(voter: Person, requester: Person, concerned: bool) -> None:
    """The requester, who it acts for and who acts for either are kept out, by any name that a token gives them."""
    assert is_concerned(voter, requester) is concerned
    assert are_one(requester, voter) is concerned


def test_what_is_given_is_given_to_one() -> None:
    """An agent that acts for somebody else is somebody else."""
    assert is_same(AGENT, replace(AGENT, groups=("other",), identity="x"))
    assert not is_same(AGENT, replace(AGENT, acting_for="max@example.com"))
    assert not is_same(AGENT, replace(AGENT, issuer=_OTHER))


def test_a_person_keeps_only_names() -> None:
    """Of a principal's claims only the names stay; groups are sorted."""
    claims = MappingProxyType(
        {"sub": "a", "email": "a@example.com", "act": {"sub": "x", "jti": "1"}, "secret": "s", "upn": 7}
    )
    found = person(Principal("corp", _IDP, "a", "jwt", frozenset({"b", "a"}), "erika", claims=claims))

    assert (found.key, found.acting_for, found.groups) == ((_IDP, "a"), "erika", ("a", "b"))
    assert found.claims == {"sub": "a", "email": "a@example.com", "act": {"sub": "x"}}
    assert named(found) == f"a <{_IDP}>"
