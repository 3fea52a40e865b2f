"""What was granted for a time: whether it answers the rules that ask about an operation."""

from __future__ import annotations

from collections.abc import Container, Sequence

from interlock.model import Operation
from interlock.policy.context import Context
from interlock.policy.reach import AGENT
from interlock.policy.rule import Rule

__all__ = ["granted"]


def granted(
    context: Context, operation: Operation, agent: bool, asks: Sequence[Rule], lapsed: Container[str] = ()
) -> tuple[Rule | None, frozenset[str]]:
    """The rule in whose name the operation is granted, and the ids of the grants; None where some rule still asks.

    A grant speaks for the rules it names, on its connection (`agent` for what the agent runs), about operations by
    their full name. One under a rule for emergencies answers all that ask; no other answers those that ask because
    their review is overdue (`lapsed`).
    """
    if not context.grants:
        return None, frozenset()
    used: set[str] = set()
    answered: list[Rule] = []
    here = AGENT if agent else context.connection
    for grant in context.grants:
        if grant.connection != here or operation.name not in grant.operations or not grant.holds(context.now):
            continue
        found = [rule for rule in asks if rule.id in grant.rules and rule.id not in lapsed]
        answered += found
        used |= {grant.id} if found else set()
    glass = next((rule for rule in answered if rule.glass), None)
    asking = [rule for rule in asks if not rule.glass]
    if glass is None and (not asking or any(rule not in answered for rule in asking)):
        return None, frozenset()
    return glass or answered[0], frozenset(used)
