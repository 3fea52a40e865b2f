"""The one decision function: pure, and the only place where anything is permitted.

In this order, worst first: 1. nothing to judge, or something the blocklist names: forbidden; 2. every
operation, at whatever depth, is judged by the rules for where it happens: a forbidding rule wins over one
that asks, that over one that permits, and where no rule speaks the operation is forbidden; what was granted
for a time answers those that ask; 3. a covered carrier (its connection says that what it carries speaks for
it) with something in it needs no rule of its own, but a rule that forbids or asks about it still counts;
4. the worst operation decides for all. The order of rules decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from interlock.model import Access, Decision, Effect, Operation, Report
from interlock.model.quick import quick
from interlock.policy.argument import About
from interlock.policy.context import Context
from interlock.policy.granting import granted
from interlock.policy.pattern import ANY
from interlock.policy.remedies import remedy_for
from interlock.policy.rule import Policy, Rule
from interlock.policy.standing import lapse
from interlock.reasons import Reason

__all__ = ["Judged", "decide", "explain"]


def decide(policy: Policy, context: Context, operations: Sequence[Operation]) -> Decision:
    """What is to be done with an exchange that would do `operations`. Never raises; an error forbids."""
    try:
        return _decide(policy, context, operations)
    except Exception:
        return Decision(Effect.FORBID, Reason.RULE_FAILED)


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said about one operation alone: `rule` is the one that decided (empty: none speaks about it)."""

    operation: Operation
    effect: Effect
    reason: str
    rule: str = ""


def explain(policy: Policy, context: Context, operations: Sequence[Operation]) -> tuple[Judged, ...]:
    """The word on every operation, outermost first, each alone: why `decide` decides as it does. Never raises."""
    state = _State(policy, context)
    found = []
    for operation, agent in _nodes(operations):
        try:
            blocked = policy.blocklist and policy.blocklist.blocking(context, operation, agent)
            said = _judge(state, operation, agent)
        except Exception:
            found.append(Judged(operation, Effect.FORBID, Reason.RULE_FAILED))
            continue
        if blocked:
            found.append(Judged(operation, Effect.FORBID, Reason.BLOCKED, blocked.id))
        else:
            found.append(Judged(operation, said.effect, said.reason, said.rule.id if said.rule else ""))
    return tuple(found)


def _decide(policy: Policy, context: Context, operations: Sequence[Operation]) -> Decision:
    if not operations:
        return Decision(Effect.FORBID, Reason.NO_RULE)
    nodes = tuple(_nodes(operations))
    state = _State(policy, context)
    if policy.blocklist is not None:
        blocked = policy.blocklist.judge(context, nodes, model=context.connection in policy.models)
        if blocked.decision is not None:
            return blocked.decision
        state.reports.update((report.rule, report) for report in blocked.reports)
    chosen: _Verdict | None = None
    for operation, agent in nodes:
        verdict = _judge(state, operation, agent)
        if chosen is None or verdict.rank < chosen.rank:
            chosen = verdict
    if chosen is None:
        return Decision(Effect.FORBID, Reason.NO_RULE)
    return Decision(
        effect=chosen.effect,
        reason=chosen.reason,
        rule=chosen.rule.id if chosen.rule else "",
        operation=chosen.operation,
        masks=frozenset() if chosen.effect is Effect.FORBID else frozenset(state.masks),
        reviews=tuple(sorted(state.reviews)) if chosen.effect is Effect.REVIEW else (),
        grants=tuple(sorted(state.grants)) if chosen.effect is not Effect.FORBID else (),
        attested=tuple(sorted(state.attested)) if chosen.effect is not Effect.FORBID else (),
        reports=tuple(state.reports[rule] for rule in sorted(state.reports)),
        remedy=_remedy(chosen),
    )


@dataclass(slots=True)
class _State:
    """What one decision gathers: each rule's test is run once, whatever it is asked about."""

    policy: Policy
    context: Context
    tests: dict[str, bool | None] = field(default_factory=dict)
    masks: set[str] = field(default_factory=set)
    reviews: set[str] = field(default_factory=set)
    grants: set[str] = field(default_factory=set)
    attested: set[str] = field(default_factory=set)
    lapsed: dict[str, str] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)


@quick
@dataclass(frozen=True, slots=True)
class _Verdict:
    """What is said about one operation. The smallest rank decides; on equal rank the one found first.

    Ranks: a rule forbids, no rule permits, a rule asks; then what passes, the most telling first: what a
    grant lets pass, leaves before carriers, the more dangerous before the less, operations passed by a rule
    before covered and observed ones.
    """

    rank: tuple[int, int]
    effect: Effect
    reason: str
    operation: Operation
    rule: Rule | None = None
    near: Rule | None = None


def _nodes(operations: Sequence[Operation]) -> Iterator[tuple[Operation, bool]]:
    """Every operation, outermost first, with whether the agent runs it; what an agent runs nests what it
    runs.
    """
    todo = [(operation, operation.agent) for operation in reversed(operations)]
    while todo:
        operation, agent = todo.pop()
        yield operation, agent
        todo.extend((inner, agent or inner.agent) for inner in reversed(operation.nested))


def _judge(state: _State, operation: Operation, agent: bool) -> _Verdict:
    policy = state.policy
    index = policy.on_agent if agent else policy.by_connection.get(state.context.connection, policy.elsewhere)
    candidates = index.get(operation.protocol)
    if candidates is None:
        candidates = index.get(ANY, ())
    forbids: _Verdict | None = None
    asks: list[Rule] = []
    permits: Rule | None = None
    near: Rule | None = None
    action, resource = operation.action, operation.resource
    for rule, patterns in candidates:
        for pattern in patterns:
            if pattern.matches(action, resource):
                break
        else:
            continue
        holds = _holds(state, rule)
        if rule.about is not None and holds is not False:
            holds = _speaks(rule.about, operation, holds)
            if holds is False and rule.effect is Effect.PERMIT:
                near = near or rule
        if holds is False:
            continue
        reason = Reason.FORBIDDEN if holds else Reason.RULE_FAILED
        if rule.report:
            state.reports[rule.id] = Report(rule.id, Effect.FORBID, reason)
        elif rule.effect is Effect.FORBID or holds is None:
            forbids = forbids or _Verdict((0, 0), Effect.FORBID, reason, operation, rule)
        elif rule.attest is not None and (lapsed := _lapsed(state, rule, operation)):
            forbids = forbids or lapsed
        elif rule.effect is Effect.REVIEW or rule.id in state.lapsed:
            asks.append(rule)
            state.masks |= rule.masks
        else:
            permits = permits or rule
            state.masks |= rule.masks
    return forbids or _verdict(state, operation, agent, asks, permits, near)


def _lapsed(state: _State, rule: Rule, operation: Operation) -> _Verdict | None:
    """What a rule says that nobody stands by, where it forbids; where it asks instead, that is noted."""
    found = lapse(rule, state.context, operation)
    if found is None:
        state.attested.add(rule.id)
        return None
    reason, effect = found
    if effect is Effect.FORBID:
        return _Verdict((0, 0), Effect.FORBID, reason, operation, rule)
    state.lapsed[rule.id] = reason
    return None


def _remedy(chosen: _Verdict) -> str:
    if chosen.effect is Effect.PERMIT:
        return ""
    return remedy_for(chosen.reason, chosen.operation, chosen.rule, chosen.near)


def _verdict(
    state: _State, operation: Operation, agent: bool, asks: list[Rule], permits: Rule | None, near: Rule | None
) -> _Verdict:
    if asks:
        named, used = granted(state.context, operation, agent, asks, state.lapsed)
        asking = [rule for rule in asks if not rule.glass]
        if named is not None:
            state.grants |= used
            return _Verdict((3, 0), Effect.PERMIT, Reason.GRANTED, operation, named)
        if asking:
            state.reviews.update(rule.id for rule in asking)
            first = next((rule for rule in asking if rule.id in state.lapsed), asking[0])
            reason: str = state.lapsed.get(first.id, Reason.APPROVAL_NEEDED)
            return _Verdict((2, 0), Effect.REVIEW, reason, operation, first)
        near = near or asks[0]
    if permits is not None:
        telling = 10 - operation.access if not operation.nested else 20 - operation.access
        return _Verdict((3, telling), Effect.PERMIT, Reason.PERMITTED, operation, permits)
    if operation.covered and operation.nested:
        return _Verdict((3, 30), Effect.PERMIT, Reason.PERMITTED, operation)
    if state.context.observe:
        return _Verdict((3, 1), Effect.PERMIT, Reason.OBSERVED, operation)
    not_understood = operation.access is Access.UNKNOWN and bool(operation.text)
    why = Reason.NOT_UNDERSTOOD if not_understood else Reason.NO_RULE
    return _Verdict((1, 0), Effect.FORBID, why, operation, near=near)


def _speaks(about: About, operation: Operation, holds: bool | None) -> bool | None:
    """Whether a rule that speaks about this principal speaks about this operation's arguments too."""
    try:
        return holds if about(operation) else False
    except Exception:
        return None


def _holds(state: _State, rule: Rule) -> bool | None:
    """Whether the rule speaks about this principal and moment; None when it cannot be told."""
    if rule.test is None:
        return True
    found = state.tests.get(rule.id, ...)
    if found is not ...:
        return found
    try:
        held: bool | None = bool(rule.test(state.context))
    except Exception:
        held = None
    state.tests[rule.id] = held
    return held
