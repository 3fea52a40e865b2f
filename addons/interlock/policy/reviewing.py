"""Who may answer a rule that asks, and whether it is answered: by the people who voted, or by a grant.

The gateway asks this of its own rules before anything runs, whatever a store or a console says.
"""

from __future__ import annotations

from collections.abc import Iterable

from interlock.model import Grant, Person, Principal
from interlock.policy.context import Context
from interlock.policy.rule import Policy, Rule

__all__ = ["counts", "person_of", "same_human", "satisfied", "speaks_for"]


def person_of(principal: Principal) -> Person:
    """Who calls, as an approval keeps them."""
    return Person(
        principal.identity,
        principal.issuer,
        principal.subject,
        principal.acting_for,
        tuple(sorted(principal.groups)),
        principal.claims,
    )


def same_human(one: Person, other: Person) -> bool:
    """Whether both could be one human: the same caller, or one acts for the other or both for a third.

    Whom somebody acts for is a bare name: it is compared whatever the issuer, so that it is taken for too many people
    rather than for too few.
    """
    if one.key == other.key:
        return True
    acted = {one.acting_for, other.acting_for} - {""}
    return any(name in {one.subject, one.acting_for} and name in {other.subject, other.acting_for} for name in acted)


def speaks_for(
    policy: Policy, rules: Iterable[str], person: Person, requester: Person, *, connection: str = "", now: float = 0.0
) -> tuple[str, ...]:
    """The asking rules, of those named, that this person may answer for this requester. Never raises."""
    if same_human(person, requester):
        return ()
    return tuple(name for name in rules if _may(policy.named.get(name), person, connection, now))


def satisfied(
    policy: Policy,
    rules: Iterable[str],
    people: Iterable[Person],
    requester: Person,
    *,
    connection: str = "",
    now: float = 0.0,
) -> bool:
    """Whether enough distinct people, who may and are not the requester, stand behind every one of these rules."""
    voters = tuple(people)
    for name in rules:
        rule = policy.named.get(name)
        if rule is None or rule.by is None:
            return False
        found = (one for one in voters if speaks_for(policy, (name,), one, requester, connection=connection, now=now))
        if len(_distinct(found)) < rule.by.people:
            return False
    return True


def counts(policy: Policy, grant: Grant) -> bool:
    """Whether the rules, as they are now, allow this grant: to this holder, by these people, for so long."""
    for name in grant.rules:
        rule = policy.named.get(name)
        if rule is None or not rule.grant or grant.until - grant.begins > rule.grant:
            return False
    at = grant.connection
    return bool(grant.rules) and satisfied(policy, grant.rules, grant.by, grant.holder, connection=at, now=grant.begins)


def _may(rule: Rule | None, person: Person, connection: str, now: float) -> bool:
    if rule is None or rule.by is None:
        return False
    try:
        return bool(rule.by.test(Context(_principal(person), connection, now=now)))
    except Exception:
        return False


def _principal(person: Person) -> Principal:
    return Principal(
        person.identity,
        person.issuer,
        person.subject,
        groups=frozenset(person.groups),
        acting_for=person.acting_for,
        claims=person.claims,
    )


def _distinct(people: Iterable[Person]) -> list[Person]:
    found: list[Person] = []
    for one in people:
        if not any(same_human(one, other) for other in found):
            found.append(one)
    return found
