"""Whether an operation that nobody has asked for yet could ever pass: what a list of tools may show."""

from __future__ import annotations

from dataclasses import replace

from interlock.model import Effect, Operation
from interlock.policy.context import Context
from interlock.policy.pattern import ANY
from interlock.policy.rule import Policy, Rule
from interlock.policy.standing import lapse

__all__ = ["could"]


def could(policy: Policy, context: Context, operation: Operation) -> bool:
    """Whether some rule permits or asks about the operation, and none forbids it whatever its arguments are.

    Only who asks, where and when is known here: a condition on the body or the arguments may hold, or not. Never
    raises. Yes is no permission: the operation is judged when it comes.
    """
    try:
        return _could(policy, replace(context, document=None, readable=False), operation)
    except Exception:
        return False


def _could(policy: Policy, context: Context, operation: Operation) -> bool:
    index = policy.on_agent if operation.agent else policy.by_connection.get(context.connection, policy.elsewhere)
    candidates = index.get(operation.protocol)
    if candidates is None:
        candidates = index.get(ANY, ())
    found = context.observe
    for rule, patterns in candidates:
        if rule.report or not any(pattern.matches(operation.action, operation.resource) for pattern in patterns):
            continue
        if rule.glass and not any(rule.id in grant.rules for grant in context.grants):
            continue
        holds = _holds(rule, context)
        taken = lapse(rule, context) if rule.attest is not None and holds is not False else None
        if taken is not None and taken[1] is Effect.FORBID:
            return False
        if rule.effect is not Effect.FORBID:
            found = found or holds is not False
        elif holds and rule.about is None:
            return False
    return found


def _holds(rule: Rule, context: Context) -> bool | None:
    """None where it depends on what is not known yet."""
    if rule.test is None:
        return True
    try:
        return bool(rule.test(context))
    except Exception:
        return None
