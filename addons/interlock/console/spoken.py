"""For which asking rules somebody may speak, by the rules in force: the one answer that pages and terminal go by."""

from __future__ import annotations

from interlock.approval.people import is_concerned, person
from interlock.engine.rules import Rules
from interlock.model import Approval, Principal
from interlock.policy import Context

__all__ = ["may_speak", "named_by"]


def may_speak(rules: Rules, who: Principal, approval: Approval, now: float) -> tuple[str, ...]:
    """The asking rules that this person may answer. None: they asked, the rules changed, or they are not named."""
    if rules.digest != approval.rules_digest or is_concerned(person(who), approval.requester):
        return ()
    return named_by(rules, who, approval, now)


def named_by(rules: Rules, who: Principal, approval: Approval, now: float) -> tuple[str, ...]:
    """The asking rules whose `by:` names somebody. A test that fails names nobody."""
    known = {rule.id: rule.by for rule in rules.policy.rules}
    context = Context(principal=who, connection=approval.connection, now=now)
    found = []
    for ask in approval.asks:
        by = known.get(ask.rule)
        try:
            if by is not None and by.test(context):
                found.append(ask.rule)
        except Exception:  # noqa: S112
            continue
    return tuple(found)
