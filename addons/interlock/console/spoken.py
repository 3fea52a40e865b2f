"""For which asking rules somebody may speak, by the rules in force: the one answer that pages and terminal go by."""

from __future__ import annotations

from collections.abc import Iterable

from interlock.approval.people import is_concerned, person
from interlock.engine.rules import Rules
from interlock.model import Approval, Principal
from interlock.policy import Context

__all__ = ["may_speak", "named_by", "named_for"]


def may_speak(rules: Rules, who: Principal, approval: Approval, now: float) -> tuple[str, ...]:
    """The asking rules that this person may answer. None: they asked, the rules changed, or they are not named."""
    if rules.digest != approval.rules_digest or is_concerned(person(who), approval.requester):
        return ()
    return named_by(rules, who, approval, now)


def named_by(rules: Rules, who: Principal, approval: Approval, now: float) -> tuple[str, ...]:
    """The asking rules whose `by:` names somebody."""
    return named_for(rules, who, [ask.rule for ask in approval.asks], approval.connection, now)


def named_for(rules: Rules, who: Principal, ids: Iterable[str], connection: str, now: float) -> tuple[str, ...]:
    """Those of these rules whose `by:` names somebody. A test that fails names nobody."""
    known = {rule.id: rule.by for rule in rules.policy.rules}
    context = Context(principal=who, connection=connection, now=now)
    found = []
    for id in ids:
        by = known.get(id)
        try:
            if by is not None and by.test(context):
                found.append(id)
        except Exception:  # noqa: S112
            continue
    return tuple(found)
