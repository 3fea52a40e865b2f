"""What an agent is told to do instead, where no rule says so itself."""

from __future__ import annotations

from interlock.model import Operation
from interlock.policy.rule import Rule
from interlock.reasons import Reason

__all__ = ["remedy_for"]

_PLAIN = "Write it as plain commands, one a line: without computed names, encoded text or programs inside strings"
_ASK = "request_access of the gateway's own MCP server does that"
_REVIEWS = {
    Reason.ACCESS_OVERDUE: "Rule {rule} has to be attested again: ask {by} to do that (interlock access attest).",
    Reason.ACCESS_REVOKED: "Do it another way; {by} decided that rule {rule} does not give this any more.",
    Reason.ACCESS_UNKNOWN: "Try again in a moment; rule {rule} counts only while the store of access reviews answers.",
}
_PERSON = "do it another way, or ask a person who looks after the rules"


def remedy_for(reason: str, operation: Operation, rule: Rule | None, near: Rule | None) -> str:
    """One or two sentences for the agent's model.

    `rule` is the one that decided, if any; `near` one that would permit the operation with other arguments.
    """
    if rule is not None and rule.attest is not None and reason in _REVIEWS:
        return _REVIEWS[Reason.of(reason)].format(rule=rule.id, by=rule.attest.by.says)
    if rule is not None and rule.remedy:
        return rule.remedy
    if near is not None and near.glass:
        return f"In an emergency, ask to be granted it under rule {near.id}; {_ASK}."
    if near is not None:
        return f"Rule {near.id} permits {operation.name}, but not with these tables, columns or arguments; {_PERSON}."
    if reason == Reason.NO_RULE:
        return f"Nothing permits {operation.name} here: {_PERSON}."
    if reason == Reason.NOT_UNDERSTOOD:
        return f"{_PLAIN}; or ask a person."
    if reason in (Reason.FORBIDDEN, Reason.APPROVAL_NEEDED) and rule is not None:
        return f"Rule {rule.id} says so: {_PERSON}."
    return ""
