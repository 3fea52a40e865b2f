"""What may become of an approval: the only table of its states, and the functions that follow it.

Each takes an approval as it was read and gives it one version further, or raises Refused: it decides nothing about
who sees it or where it is kept. Time is an argument: whoever looks sees an approval expired from the moment it is,
whether or not somebody has written that down.

    pending -> approved | denied | expired | withdrawn, and used where a grant was asked for and is given
    approved -> used | denied | expired | withdrawn
    used -> approved, only while `leased` and in time; denied instead, where somebody said no meanwhile
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace

from interlock.approval.people import are_one, is_concerned
from interlock.approval.shown import says_something
from interlock.errors import Refused
from interlock.model import Approval, ApprovalKind, ApprovalState, Ask, Vote
from interlock.reasons import Reason

__all__ = [
    "GRANTED",
    "LEASED",
    "LIVE",
    "OPEN_OUTCOMES",
    "UNKNOWN",
    "at",
    "claim",
    "denied",
    "expire",
    "finish",
    "give_back",
    "is_leased",
    "missing",
    "refusal",
    "vote",
    "withdraw",
]

type _State = ApprovalState

LIVE = frozenset({ApprovalState.PENDING, ApprovalState.APPROVED})
"""Something may still come of these."""

LEASED, GRANTED, UNKNOWN = "leased", "granted", "unknown"
"""Outcomes that mean something here; any other is what a gateway says of what ran."""

OPEN_OUTCOMES = frozenset({"", LEASED})
"""What ran has not been heard of yet."""

_TWO_EYES_TWICE = 2
_MAX_REASON = 500

_FOLLOWS: Mapping[_State, frozenset[_State]] = {
    ApprovalState.PENDING: frozenset({
        ApprovalState.APPROVED, ApprovalState.DENIED, ApprovalState.EXPIRED, ApprovalState.WITHDRAWN,
        ApprovalState.USED,
    }),
    ApprovalState.APPROVED: frozenset({
        ApprovalState.USED, ApprovalState.DENIED, ApprovalState.EXPIRED, ApprovalState.WITHDRAWN,
    }),
    ApprovalState.USED: frozenset({ApprovalState.APPROVED, ApprovalState.DENIED, ApprovalState.EXPIRED}),
}  # fmt: skip

_WHY: Mapping[_State, Reason] = {
    ApprovalState.PENDING: Reason.APPROVAL_PENDING,
    ApprovalState.APPROVED: Reason.APPROVED,
    ApprovalState.DENIED: Reason.APPROVAL_DENIED,
    ApprovalState.EXPIRED: Reason.APPROVAL_EXPIRED,
    ApprovalState.WITHDRAWN: Reason.APPROVAL_WITHDRAWN,
    ApprovalState.USED: Reason.APPROVAL_USED,
}


def at(approval: Approval, now: float) -> Approval:
    """The approval as it stands now: expired from the moment its time is over, whatever the store says."""
    if approval.state in LIVE and not now < approval.expires:
        return replace(approval, state=ApprovalState.EXPIRED)
    return approval


def refusal(approval: Approval, now: float) -> Refused:
    """Why an approval in its present state lets nothing run."""
    return Refused(_WHY.get(at(approval, now).state, Reason.APPROVAL_UNAVAILABLE))


def is_leased(approval: Approval) -> bool:
    """Whether a gateway holds it ready for a reply that it reads."""
    return approval.state is ApprovalState.USED and approval.outcome == LEASED


def denied(approval: Approval) -> bool:
    """Whether anybody said no."""
    return any(not entry.approves for entry in approval.votes)


def missing(approval: Approval, ask: Ask) -> int:
    """How many people's yes this asking rule still wants."""
    least = _TWO_EYES_TWICE if approval.kind is ApprovalKind.BREAK_GLASS else 1
    said = sum(1 for entry in approval.votes if entry.approves and ask.rule in entry.rules)
    return max(0, max(least, ask.people) - said)


def vote(approval: Approval, said: Vote, now: float) -> Approval:
    """The approval after somebody's word: one no denies; it is approved when no asking rule wants anybody more.

    A no while it is leased is kept: it is denied when the lease comes back, and never leased or used again.

    Raises Refused: VOTE_REFUSED when they may not speak (the requester, who it acts for, nobody whom an asking rule
    names, twice, a no without a reason), and the state's own reason when nothing is left to decide.
    """
    approval = at(approval, now)
    leased = is_leased(approval) and not said.approves and not denied(approval)
    if not leased and (approval.state not in LIVE or (approval.state is ApprovalState.APPROVED and said.approves)):
        raise refusal(approval, now)
    rules = tuple(ask.rule for ask in approval.asks if ask.rule in said.rules)
    _may_speak(approval, said, rules)
    if not said.approves and not says_something(said.reason):
        raise Refused(Reason.VOTE_REFUSED, "a no needs a reason: the agent's model is told", hint="say why")
    if len(said.reason) > _MAX_REASON:
        raise Refused(Reason.VOTE_REFUSED, f"a reason has at most {_MAX_REASON} characters", hint="shorten it")
    after = replace(approval, votes=(*approval.votes, replace(said, rules=rules, at=now)))
    if leased:
        return replace(after, version=after.version + 1)
    if not said.approves:
        return _to(after, ApprovalState.DENIED)
    if any(missing(after, ask) for ask in after.asks):
        return replace(after, version=after.version + 1)
    if after.kind is ApprovalKind.OPERATION:
        return _to(after, ApprovalState.APPROVED)
    return replace(_to(after, ApprovalState.USED), outcome=GRANTED)


def claim(approval: Approval, fingerprint: str, now: float, *, gateway: str, lease: bool = False) -> Approval:
    """The approval, used: whoever gets this stored may let its operation run, once.

    Raises Refused: the state's own reason, or APPROVAL_OUTDATED when it is not for this fingerprint.
    """
    approval = at(approval, now)
    if approval.state is not ApprovalState.APPROVED or approval.kind is not ApprovalKind.OPERATION:
        raise refusal(approval, now)
    if not fingerprint or not hmac.compare_digest(approval.fingerprint.encode(), fingerprint.encode()):
        raise Refused(Reason.APPROVAL_OUTDATED, "what was approved is not what would run now")
    return replace(_to(approval, ApprovalState.USED), gateway=gateway, outcome=LEASED if lease else "")


def give_back(approval: Approval, now: float, *, gateway: str) -> Approval:
    """A lease that was not needed is approved again, or expired, or denied. Raises Refused (APPROVAL_USED) for
    anything else.
    """
    if not is_leased(approval) or approval.gateway != gateway:
        raise Refused(Reason.APPROVAL_USED)
    back = ApprovalState.DENIED if denied(approval) else ApprovalState.APPROVED
    return replace(_to(approval, at(replace(approval, state=back), now).state), outcome="")


def finish(approval: Approval, outcome: str) -> Approval:
    """What became of what ran. Raises Refused (APPROVAL_USED) when that is known already, or nothing ran."""
    if approval.state is not ApprovalState.USED or approval.outcome not in OPEN_OUTCOMES | {UNKNOWN}:
        raise Refused(Reason.APPROVAL_USED, "nothing runs under this approval")
    return replace(approval, outcome=outcome or UNKNOWN, version=approval.version + 1)


def withdraw(approval: Approval, now: float) -> Approval:
    """Nobody waits for it any more. Raises Refused with the state's own reason when it is over already."""
    if at(approval, now).state not in LIVE:
        raise refusal(approval, now)
    return _to(approval, ApprovalState.WITHDRAWN)


def expire(approval: Approval, now: float) -> Approval:
    """Writes down that its time is over. Raises Refused with the state's own reason when it is not."""
    if approval.state not in LIVE or now < approval.expires:
        raise refusal(approval, now)
    return _to(approval, ApprovalState.EXPIRED)


def _may_speak(approval: Approval, said: Vote, rules: tuple[str, ...]) -> None:
    if is_concerned(said.by, approval.requester):
        raise Refused(Reason.VOTE_REFUSED, "who asks, or is acted for, does not decide", hint="ask a colleague")
    if not rules:
        raise Refused(Reason.VOTE_REFUSED, "no rule that asks here names this person", hint="see by: in the rules")
    if said.approves and any(entry.approves and are_one(entry.by, said.by) for entry in approval.votes):
        raise Refused(Reason.VOTE_REFUSED, "this person has approved already", hint="another person has to decide")


def _to(approval: Approval, state: _State) -> Approval:
    if state not in _FOLLOWS.get(approval.state, frozenset()):
        raise Refused(_WHY[approval.state])
    return replace(approval, state=state, version=approval.version + 1)
