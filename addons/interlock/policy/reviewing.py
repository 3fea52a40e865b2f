"""Who may answer a rule that asks, and whether it is answered: by the people who voted, or by a grant.

The gateway asks this of its own rules before anything runs, whatever a store or a console says.
"""

from __future__ import annotations

from collections.abc import Iterable

from interlock.model import Grant, Person, Principal, are_one
from interlock.policy.context import Context
from interlock.policy.rule import Policy, Rule

__all__ = ["counts", "satisfied", "speaks_for"]


def speaks_for(
    policy: Policy, rules: Iterable[str], person: Person, requester: Person, *, connection: str = "", now: float = 0.0
) -> tuple[str, ...]:
    """The asking rules, of those named, that this person may answer for this requester. Never raises."""
    if are_one(person, requester):
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
        if not any(are_one(one, other) for other in found):
            found.append(one)
    return found
