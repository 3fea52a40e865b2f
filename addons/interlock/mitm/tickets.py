"""What an agent is told while people decide, and when they have: a refusal with a ticket, for it and for its model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from interlock.approval.shown import escaped
from interlock.mitm.options import OWN_HOST
from interlock.mitm.products import Contained
from interlock.mitm.refusals import Denied
from interlock.model import JSON, Approval, ApprovalState, Decision
from interlock.reasons import Reason

__all__ = ["REASONS", "place_of", "standing", "ticket"]

REASONS: Mapping[ApprovalState, Reason] = MappingProxyType(
    {
        ApprovalState.PENDING: Reason.APPROVAL_PENDING,
        ApprovalState.APPROVED: Reason.APPROVAL_PENDING,
        ApprovalState.DENIED: Reason.APPROVAL_DENIED,
        ApprovalState.EXPIRED: Reason.APPROVAL_EXPIRED,
        ApprovalState.WITHDRAWN: Reason.APPROVAL_WITHDRAWN,
        ApprovalState.USED: Reason.APPROVAL_USED,
    }
)
_AGAIN = (
    "Go on with other work meanwhile; once it is approved, send the very same call again, unchanged: it passes once."
)
_REMEDIES: Mapping[ApprovalState, str] = MappingProxyType(
    {
        ApprovalState.APPROVED: "It is approved now: send the very same call again, unchanged.",
        ApprovalState.DENIED: "Do not try it again, nor a way round it: do something else, or ask the person.",
        ApprovalState.EXPIRED: "Send it again if it is still needed: somebody is then asked anew.",
        ApprovalState.WITHDRAWN: "Send it again if it is still needed: somebody is then asked anew.",
        ApprovalState.USED: "Send it again if it is needed once more: somebody is then asked anew.",
    }
)


def ticket(decision: Decision, approval: Approval, contained: Contained | None) -> Denied:
    """Why it does not pass now, and how to go on."""
    reason = REASONS.get(approval.state, Reason.APPROVAL_UNAVAILABLE)
    where = place_of(contained, approval.id)
    if approval.state is ApprovalState.PENDING:
        until = _clock(approval.expires)
        remedy = f"This is approval {approval.id}, open until {until}; {where} says how it stands. {_AGAIN}"
    else:
        remedy = f"{_REMEDIES[approval.state]} (approval {approval.id})"
    said = denial(approval)
    message = f"{reason.says}: {said}" if said else reason.says
    told = replace(decision, reason=reason, remedy=remedy)
    return Denied(told, message, approval={**standing(approval), "status": where})


def denial(approval: Approval) -> str:
    """The reason of whoever said no."""
    if approval.state is not ApprovalState.DENIED:
        return ""
    return next((escaped(vote.reason) for vote in reversed(approval.votes) if not vote.approves), "")


def standing(approval: Approval) -> dict[str, JSON]:
    """How an approval stands, for whoever asked: nothing about who decides, or may."""
    found: dict[str, JSON] = {
        "id": approval.id,
        "state": str(approval.state),
        "operation": approval.operation,
        "connection": approval.connection,
        "expires": datetime.fromtimestamp(approval.expires, UTC).isoformat(timespec="seconds"),
    }
    if said := denial(approval):
        found["reason"] = said
    if approval.state is ApprovalState.USED:
        found["outcome"] = approval.outcome or "running"
    return found


def place_of(contained: Contained | None, id: str) -> str:
    """Where an agent can ask how it stands, in its own placement."""
    if contained is not None and contained.placement == "reverse":
        return f"{contained.base}/-/interlock/approvals/{id}"
    return f"http://{OWN_HOST}/approvals/{id}"


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%H:%M:%S UTC")
