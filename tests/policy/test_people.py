"""Whom `to:` and `by:` speak about."""

from __future__ import annotations

from interlock.model import Effect, Principal
from interlock.policy import Context
from interlock.policy.people import read_reviewers, read_to
from interlock.schema import Reader
from interlock.source import read_yaml_text


def context(identity: str, *groups: str) -> Context:
    return Context(Principal(identity, "i", "s", groups=frozenset(groups)), "warehouse")


def test_members_are_and() -> None:
    """Identity and group both have to fit."""
    reader = Reader()
    test = read_to(read_yaml_text("{from: corp, groups: [dba]}", "x"), Effect.PERMIT, reader, ("corp", "partner"))

    assert reader.errors == []
    assert test is not None
    assert test(context("corp", "dba"))
    assert not test(context("partner", "dba"))
    assert not test(context("corp", "analyst"))


def test_anyone_is_no_test() -> None:
    """`to: anyone` is every authenticated principal."""
    reader = Reader()

    assert read_to(read_yaml_text("anyone", "x"), Effect.PERMIT, reader, ("corp",)) is None
    assert reader.errors == []


def test_reviewers_are_people_in_a_number() -> None:
    """One person unless more are asked for."""
    reader = Reader()
    one = read_reviewers(read_yaml_text("{groups: [dba]}", "x"), reader, ("corp",))
    two = read_reviewers(read_yaml_text("{from: corp, people: 2}", "x"), reader, ("corp",))

    assert one is not None
    assert two is not None
    assert (one.people, two.people) == (1, 2)
    assert two.test(context("corp"))
    assert not one.test(context("corp"))
