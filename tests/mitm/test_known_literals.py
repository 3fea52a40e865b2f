"""Literals of secrets: the same objects for the same secrets, others for others, never more than bounded."""

from __future__ import annotations

from interlock.masking import Literal
from interlock.mitm import known_literals
from interlock.mitm.known_literals import AGENTS, KnownLiterals
from interlock.model import Secret


def test_the_same_secrets_give_the_same_objects() -> None:
    """What is kept under a tuple of literals is found without comparing them."""
    known, supplied, token = KnownLiterals(), (Secret("one"), Secret("two")), Secret("three")
    found = known.of(supplied, token)

    assert known.of(supplied, token) is found
    assert found.supplied == (Literal(Secret("one")), Literal(Secret("two")))
    assert found.token == (Literal(Secret("three"), AGENTS),)
    assert found.all == found.supplied + found.token
    assert "one" not in repr(found)
    assert len(known) == 1


def test_other_secrets_never_get_what_was_made_for_these() -> None:
    """Nor do those that come to lie where these lay: what is known is held."""
    known = KnownLiterals()
    for number in range(2000):
        supplied, token = (Secret(f"supplied {number}"),), Secret(f"token {number}")
        found = known.of(supplied, token)
        assert [literal.value.reveal() for literal in found.all] == [f"supplied {number}", f"token {number}"]
    assert len(known) <= known_literals._KEPT


def test_without_secrets_there_is_nothing() -> None:
    """Nobody known, nothing supplied."""
    known = KnownLiterals()
    assert known.of((), None) == ((), (), ())
    assert known.of((), None).all is known.of((), None).all
