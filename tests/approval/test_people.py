"""Who may decide: nobody for themself, whatever name they come by."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.approval.values import AGENT, ERIKA, MAX

from interlock.approval.people import are_one, is_concerned, is_same, named
from interlock.model import Person

_OTHER = "https://agents.example.com"


@pytest.mark.parametrize(("voter", "concerned"), [(MAX, False), (AGENT, True), (ERIKA, True)])
def test_whom_it_concerns(voter: Person, concerned: bool) -> None:
    """The requester and who it acts for are kept out."""
    assert is_concerned(voter, AGENT) is concerned
    assert are_one(AGENT, voter) is concerned


def test_what_is_given_is_given_to_one() -> None:
    """An agent that acts for somebody else is somebody else."""
    assert is_same(AGENT, replace(AGENT, groups=("other",), identity="x"))
    assert not is_same(AGENT, replace(AGENT, acting_for="max@example.com"))
    assert not is_same(AGENT, replace(AGENT, issuer=_OTHER))


def test_how_a_history_names_people() -> None:
    """By subject and issuer, so that two of one name are two."""
    assert named(MAX) == f"{MAX.subject} <{MAX.issuer}>"
