"""Whether somebody stands by a permission: the word of an access review, as the decision takes it.

Of a rule with `attest:`, by the records that are about this principal (by name, by group, or about everyone it names):
one that revokes takes it away, whatever the rule means now; one that narrows leaves what it names (both also for
whoever acts for the person it names); and one of them has to be in time and about what the rule means now, or its
review is overdue. A word about somebody in particular that an open campaign still waits for is overdue with its due
date, whoever stands by the rule as a whole. What cannot be known counts as overdue.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from interlock.errors import InterlockError
from interlock.model import Effect, Operation, ReviewRecord, Scope, Word
from interlock.policy.context import Context, Reviewed
from interlock.policy.pattern import ANY, Pattern, compile_pattern
from interlock.policy.rule import Attest, Rule
from interlock.reasons import Reason

__all__ = ["ATTESTED", "lapse", "left", "standing"]

_EVERYONE = Scope()

ATTESTED: Reviewed = MappingProxyType({"*": MappingProxyType({})})
"""Somebody stands by everything: for what rules say by themselves, as in their cases and in recordings."""


def lapse(rule: Rule, context: Context, operation: Operation | None = None) -> tuple[Reason, Effect] | None:
    """Why a rule does not give what it says, and what it says instead; None while somebody stands by it.

    Without an operation, what a word has narrowed counts as given.
    """
    if rule.attest is None:
        return None
    reason = standing(rule, rule.attest, context, operation)
    if reason is None:
        return None
    return reason, Effect.FORBID if reason is Reason.ACCESS_REVOKED else rule.attest.overdue


def standing(rule: Rule, attest: Attest, context: Context, operation: Operation | None) -> Reason | None:
    """Why nobody stands by what a rule gives; None where somebody does."""
    if context.reviews is None:
        return Reason.ACCESS_UNKNOWN
    if context.reviews is ATTESTED:
        return None
    records = _about(rule, context)
    taken = [*records, *_on_behalf(rule, context)]
    if any(record.word is Word.REVOKE for record in taken):
        return Reason.ACCESS_REVOKED
    if operation is not None and any(
        record.word is Word.NARROW and not left(record.only, operation) for record in taken
    ):
        return Reason.ACCESS_REVOKED
    waits = any(record.due and context.now >= record.due and not record.permission.scope.everyone for record in records)
    if waits or not any(record.in_time(rule.meaning, attest.every, context.now) for record in records):
        return Reason.ACCESS_OVERDUE
    return None


def left(only: tuple[str, ...], operation: Operation) -> bool:
    """Whether an operation is one of those that a narrowed permission still gives."""
    return any(
        pattern.protocol in (operation.protocol, ANY) and pattern.matches(operation.action, operation.resource)
        for pattern in map(_compiled, only)
        if pattern is not None
    )


def _about(rule: Rule, context: Context) -> list[ReviewRecord]:
    """The records about this principal. Most rules have one, for everyone."""
    known = (context.reviews or {}).get(rule.id)
    if not known:
        return []
    principal = context.principal
    if len(known) == 1:
        return [record for record in known.values() if record.permission.scope.covers(principal)]
    scopes = [_EVERYONE, Scope(principal.issuer, principal.subject), *(Scope(group=name) for name in principal.groups)]
    return [record for scope in scopes if (record := known.get(scope)) is not None]


def _on_behalf(rule: Rule, context: Context) -> list[ReviewRecord]:
    """The record about whom this principal acts for: what was taken from a person, no agent has for them.

    Its token names that person in the words of its issuer (RFC 8693, section 4.1).
    """
    principal, known = context.principal, (context.reviews or {}).get(rule.id)
    if not known or not principal.acting_for:
        return []
    record = known.get(Scope(principal.issuer, principal.acting_for))
    return [record] if record is not None else []


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Pattern | None:
    """None for what is no operation: it then leaves nothing."""
    try:
        return compile_pattern(text)
    except InterlockError:
        return None
