"""What people answered, as it was recorded: whether it answers the rules that would ask now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from interlock.model import JSON, Effect, Grant, Operation, Person
from interlock.policy.rule import Policy

__all__ = ["Answers", "answers", "asked_then", "granted_then"]

_KEPT: Final = 2048
_PEOPLE: Final = 50
_WORD: Final = 400

type Votes = Mapping[tuple[str, str], frozenset[str]]
"""Who said yes, and for which rules."""


class Answers:
    """The approvals of one session, the latest of them."""

    def __init__(self) -> None:
        self._votes: OrderedDict[str, Votes] = OrderedDict()

    def note(self, data: Mapping[str, JSON]) -> None:
        """An `approval` event. Never raises."""
        name, votes = data.get("approval"), data.get("votes")
        if not isinstance(name, str) or len(name) > _WORD or not isinstance(votes, list):
            return
        found: dict[tuple[str, str], frozenset[str]] = {}
        for vote in votes[:_PEOPLE]:
            if isinstance(vote, dict) and vote.get("approves") is True:
                rules = vote.get("rules")
                named = rules[:_PEOPLE] if isinstance(rules, list) else []
                key = str(vote.get("issuer", ""))[:_WORD], str(vote.get("by", ""))[:_WORD]
                found[key] = frozenset(rule for rule in named if isinstance(rule, str) and len(rule) <= _WORD)
        self._votes[name] = found
        self._votes.move_to_end(name)
        if len(self._votes) > _KEPT:
            self._votes.popitem(last=False)

    def votes(self, approval: str) -> Votes | None:
        """Who said yes to it; None where that is not known (yet)."""
        return self._votes.get(approval) or None


def answers(policy: Policy, asking: Collection[str], votes: Votes | None, answered: Collection[str]) -> bool:
    """Whether what people said then answers all rules that ask now.

    Where the votes are known, each rule needs as many people as it wants; otherwise it has to be among the rules that
    were answered then. Who may speak for a rule is taken as it was recorded.
    """
    for name in asking:
        rule = policy.named.get(name)
        wanted = rule.by.people if rule is not None and rule.by is not None else 1
        if votes is not None:
            if sum(name in rules for rules in votes.values()) < wanted:
                return False
        elif name not in answered:
            return False
    return bool(asking)


def granted_then(
    grants: Sequence[str], connection: str, operations: Sequence[Operation], answered: Collection[str]
) -> tuple[Grant, ...]:
    """The grants under which a decision was made, for the rules that they answered then."""
    names = tuple({one.name for operation in operations for one in operation.walk()})
    nobody = Person("", "", "")
    return tuple(
        Grant(name, nobody, where, names, tuple(answered), 0.0, float("inf"))
        for name in grants
        for where in (connection, "agent")
    )


def asked_then(policy: Policy | None, rule: str) -> frozenset[str]:
    """The review rules of the policy of that time; only the one that was named, where that is not known."""
    if policy is None:
        return frozenset((rule,)) if rule else frozenset()
    return frozenset(one.id for one in policy.rules if one.effect is Effect.REVIEW)
