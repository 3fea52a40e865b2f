"""Who may answer a rule that asks: by its `by:`, never for oneself, so many distinct people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.policy.conftest import ANALYST

from interlock.model import Grant, Person, person
from interlock.policy import Policy, counts, satisfied, speaks_for

type Build = Callable[..., Policy]

ISSUER = "https://idp.example.com"
RULES = """
- {id: one, review: [sql.write], on: [warehouse], to: anyone, by: {groups: [dba]}, grant: {max: 30m}}
- {id: two, review: [sql.ddl], on: [warehouse], to: anyone, by: {groups: [dba], people: 2}}
"""
REQUESTER = person(replace(ANALYST, acting_for="max@example.com"))
DBA = Person("corp", ISSUER, "dba-1", groups=("dba",))
OTHER = replace(DBA, subject="dba-2")
NOBODY = replace(DBA, subject="guest", groups=("staff",))
SELF = replace(DBA, subject="erika")
BEHIND = replace(DBA, subject="max@example.com")
BEHIND_ELSEWHERE = replace(BEHIND, issuer="https://other.example.com")
ACTS_FOR_REQUESTER = replace(DBA, subject="bot", acting_for="erika")
ACTS_FOR_SAME = replace(DBA, subject="bot", acting_for="max@example.com")
ACTS_FOR_DBA = replace(DBA, subject="bot", acting_for="dba-1")


@pytest.mark.parametrize(
    ("who", "speaks"),
    [
        (DBA, ("one", "two")),
        (NOBODY, ()),
        (SELF, ()),
        (BEHIND, ()),
        (BEHIND_ELSEWHERE, ()),
        (ACTS_FOR_REQUESTER, ()),
        (ACTS_FOR_SAME, ()),
        (replace(DBA, claims={"email": "ERIKA"}), ()),
        (replace(DBA, claims={"act": {"sub": "erika"}}), ()),
        (replace(DBA, issuer="https://other.example.com", subject="erika"), ()),
        (ACTS_FOR_DBA, ("one", "two")),
    ],
)
def test_who_may_answer(policy: Build, who: Person, speaks: tuple[str, ...]) -> None:
    """The rule's people, but neither the requester nor whom they act for, in whatever guise."""
    assert speaks_for(policy(RULES), ("one", "two", "gone"), who, REQUESTER) == speaks


@pytest.mark.parametrize(
    ("rules", "people", "holds"),
    [
        (("one",), (DBA,), True),
        (("one",), (), False),
        (("one",), (NOBODY, SELF), False),
        (("two",), (DBA,), False),
        (("two",), (DBA, DBA), False),
        (("two",), (DBA, replace(DBA, groups=("dba", "more"))), False),
        (("two",), (DBA, ACTS_FOR_DBA), False),
        (("two",), (DBA, replace(OTHER, claims={"upn": "dba-1"})), False),
        (("two",), (DBA, OTHER), True),
        (("one", "two"), (DBA, OTHER), True),
        (("one", "gone"), (DBA, OTHER), False),
        ((), (), True),
    ],
)
def test_enough_distinct_people_behind_every_rule(
    policy: Build, rules: tuple[str, ...], people: tuple[Person, ...], holds: bool
) -> None:
    """One who votes twice, or acts for another who voted, is one human."""
    assert satisfied(policy(RULES), rules, people, REQUESTER) is holds


@pytest.mark.parametrize(
    ("rules", "seconds", "by", "holds"),
    [
        (("one",), 1800, (DBA,), True),
        (("one",), 1801, (DBA,), False),
        (("two",), 10, (DBA, OTHER), False),
        (("one",), 10, (SELF,), False),
        (("one",), 10, (), False),
        ((), 10, (DBA,), False),
        (("gone",), 10, (DBA,), False),
    ],
)
def test_a_grant_counts_as_far_as_its_rules_allow(
    policy: Build, rules: tuple[str, ...], seconds: float, by: tuple[Person, ...], holds: bool
) -> None:
    """No longer than the rule's maximum, where there is one, by people who may, never by its holder."""
    grant = Grant("g", REQUESTER, "warehouse", ("sql.write",), rules, 100.0, 100.0 + seconds, by=by)
    assert counts(policy(RULES), grant) is holds


def test_a_test_that_fails_lets_nobody_speak(policy: Build) -> None:
    """What cannot be told is no."""

    def broken(context: object) -> bool:
        raise ValueError

    rules = policy(RULES)
    rule = replace(rules.named["one"], by=replace(rules.named["one"].by, test=broken))  # type: ignore[type-var]
    assert speaks_for(replace(rules, named={"one": rule}), ("one",), DBA, REQUESTER) == ()
