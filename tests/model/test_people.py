"""Which people are one: nobody hides behind another of their names."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from tests.approval.values import AGENT, ERIKA, MAX

from interlock.model import Person, Principal, are_one, person

_IDP = "https://idp.example.com"
_OTHER = "https://agents.example.com"


@pytest.mark.parametrize(
    ("voter", "requester", "one"),
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
def test_whom_it_concerns(voter: Person, requester: Person, one: bool) -> None:
    """The requester, who it acts for and who acts for either, by any name that a token gives them."""
    assert are_one(voter, requester) is one
    assert are_one(requester, voter) is one


def test_a_person_keeps_only_names() -> None:
    """Of a principal's claims only the names stay; groups are sorted."""
    claims = MappingProxyType(
        {"sub": "a", "email": "a@example.com", "act": {"sub": "x", "jti": "1"}, "secret": "s", "upn": 7}
    )
    found = person(Principal("corp", _IDP, "a", "jwt", frozenset({"b", "a"}), "erika", claims=claims))

    assert (found.key, found.acting_for, found.groups) == ((_IDP, "a"), "erika", ("a", "b"))
    assert found.claims == {"sub": "a", "email": "a@example.com", "act": {"sub": "x"}}
