"""A review as a question to people: which rules ask, how long it is held and stands, its fingerprint, what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from interlock.approval.fingerprint import of_call, of_request
from interlock.engine.adapters import adapters
from interlock.engine.rules import Rules
from interlock.engine.showing import runs_unseen, shown_call, shown_request
from interlock.errors import Refused
from interlock.masking import Masker
from interlock.model import JSON, Approval, Ask, Decision, Effect, Exchange, Operation, Person
from interlock.paths import Path, compile_path
from interlock.policy import Context, Policy, explain, satisfied
from interlock.policy.reach import AGENT
from interlock.reasons import Reason
from interlock.settings import Connection

__all__ = ["CLIENT_LIMITS", "MARGIN", "Question", "call_question", "hold_of", "release", "request_question"]

CLIENT_LIMITS: Mapping[str, float] = {"mcp": 60.0, "anthropic": 360.0}
"""Seconds after which a client gives an unanswered request up, by protocol, as measured; for others the least."""

MARGIN = 10.0
_LEAST = 60.0
_PATIENT = 1800.0
"""The longest that Claude Code can be set to wait."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of people. `connection` is `agent` for what a model proposes; `operations` are the names that a
    grant would cover. Times are in seconds.
    """

    fingerprint: str
    connection: str
    operation: str
    operations: tuple[str, ...]
    asks: tuple[Ask, ...]
    rules_digest: str
    expires: float
    hold: float
    shown: Mapping[str, JSON] = field(repr=False, hash=False)
    unseen: bool = False


def request_question(
    rules: Rules,
    connection: Connection,
    requester: Person,
    context: Context,
    exchange: Exchange,
    operations: tuple[Operation, ...],
    decision: Decision,
    masker: Masker,
) -> Question:
    """The question about a request. Raises Refused: APPROVAL_HIDDEN, APPROVAL_UNAVAILABLE."""
    adapter = adapters().get(connection.protocol)
    volatile = _paths(adapter.volatile) if adapter is not None else ()
    fingerprint = of_request(requester, exchange, context.document, volatile=volatile, rules_digest=rules.digest)
    shown = shown_request(masker, exchange, context.document, operations)
    return _question(rules, connection, context, connection.name, operations, decision, fingerprint, shown)


def call_question(
    rules: Rules,
    connection: Connection,
    requester: Person,
    context: Context,
    operations: tuple[Operation, ...],
    decision: Decision,
    masker: Masker,
) -> Question:
    """The question about one call that a model proposes. Raises Refused: APPROVAL_HIDDEN, APPROVAL_UNAVAILABLE."""
    if len(operations) != 1:
        raise Refused(Reason.APPROVAL_UNAVAILABLE, "several things are proposed as one, which nobody can approve")
    adapter = adapters().get(connection.protocol)
    volatile = adapter.volatile_inputs if adapter is not None else {}
    one = operations[0]
    fingerprint = of_call(
        requester,
        connection.name,
        one,
        volatile=volatile.get(one.resource, frozenset()),
        rules_digest=rules.digest,
    )
    shown = shown_call(masker, operations)
    return _question(rules, connection, context, AGENT, operations, decision, fingerprint, shown)


def release(policy: Policy, decision: Decision, approval: Approval, requester: Person, now: float) -> None:
    """Whether people who may, by these very rules, have said yes to all that asks now. Raises Refused."""
    voters = [vote.by for vote in approval.votes if vote.approves]
    where = approval.connection
    if not decision.reviews or not satisfied(policy, decision.reviews, voters, requester, connection=where, now=now):
        raise Refused(Reason.APPROVAL_OUTDATED, "who approved it may not, by the rules as they are now")


def hold_of(connection: Connection, seconds: float) -> float:
    """How long a request may be held: as the rules say, but no longer than its client waits."""
    limit = _PATIENT if connection.patient else CLIENT_LIMITS.get(connection.protocol, _LEAST)
    return max(0.0, min(seconds, limit - MARGIN))


def _question(
    rules: Rules,
    connection: Connection,
    context: Context,
    where: str,
    operations: tuple[Operation, ...],
    decision: Decision,
    fingerprint: str,
    shown: Mapping[str, JSON],
) -> Question:
    asking = [rules.policy.named[name] for name in decision.reviews]
    judged = explain(rules.policy, context, operations)
    names = dict.fromkeys(one.operation.name for one in judged if one.effect is Effect.REVIEW)
    return Question(
        fingerprint=fingerprint,
        connection=where,
        operation=decision.operation.name if decision.operation is not None else "",
        operations=tuple(names),
        asks=tuple(Ask(rule.id, rule.by.people if rule.by is not None else 1, rule.grant) for rule in asking),
        rules_digest=rules.digest,
        expires=min((rule.expires for rule in asking), default=0.0),
        hold=hold_of(connection, min((rule.hold for rule in asking), default=0.0)),
        shown=shown,
        unseen=runs_unseen(operations),
    )


@cache
def _paths(texts: tuple[str, ...]) -> tuple[Path, ...]:
    return tuple(compile_path(text) for text in texts)
