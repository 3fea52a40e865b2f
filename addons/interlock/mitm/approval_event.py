"""What the evidence says of an approval: how it stands, for which rules, who said what; never all that was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from interlock.approval.shown import escaped
from interlock.errors import Refused
from interlock.mitm.call import Call
from interlock.model import JSON, Approval
from interlock.reasons import Reason
from interlock.recording import Session

if TYPE_CHECKING:
    from interlock.mitm.services import Services

__all__ = ["approval_event", "session_of"]


def approval_event(approval: Approval, state: str = "", why: str = "") -> dict[str, JSON]:
    """The data of an `approval` event; `state` says what happened where that is not its state."""
    votes: list[JSON] = [
        {
            "by": vote.by.subject,
            "issuer": vote.by.issuer,
            "approves": vote.approves,
            "rules": [*vote.rules],
            "at": vote.at,
            "why": escaped(vote.reason),
        }
        for vote in approval.votes
    ]
    return {
        "approval": approval.id,
        "kind": str(approval.kind),
        "state": state or str(approval.state),
        "connection": approval.connection,
        "operation": approval.operation,
        "rules": [ask.rule for ask in approval.asks],
        "fingerprint": approval.fingerprint,
        "expires": approval.expires,
        "votes": votes,
        "why": why,
    }


def session_of(services: Services, call: Call) -> Session:
    """The session that a call belongs to. Raises Refused (RUN_REFUSED, RECORDING_UNAVAILABLE, STAGE_MISSING)."""
    if call.session is None:
        if call.authenticated is not None:
            principal, run = call.authenticated.principal, call.authenticated.run
        elif "who" in call.marks:
            principal, run = call.marks["who"]
        else:
            raise Refused(Reason.STAGE_MISSING)
        call.session = services.circumstances.session(principal, run)
    return call.session
